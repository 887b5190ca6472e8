// Building the messages.
#include "tests/bench/transcode/bench_messages.h"

#include <google/protobuf/util/json_util.h>

#include <nlohmann/json.hpp>
#include <random>

#include "order.pb.h"

namespace sluice::bench {
namespace {

namespace pb = google::protobuf;

constexpr int kNodes = 99;
constexpr int kTextsEach = 16;

class Builder {
 public:
  Ping ping() {
    Ping ping;
    ping.set_name(text(4, 12));
    ping.set_count(number(1, 5000));
    return ping;
  }

  Order order(int lines) {
    Order order;
    order.set_id("ord_" + text(18, 22));
    order.set_customer_number(number(100000, 2000000000));
    order.set_email(text(5, 12) + "@example.com");
    order.set_currency(static_cast<Currency>(number(0, 2)));
    Address& address = *order.mutable_ship_to();
    address.set_street(words(2) + " " + std::to_string(number(1, 300)));
    address.set_city(number(0, 4) == 0 ? "Zürich" : text(5, 12));
    address.set_postal_code(std::to_string(number(10000, 99999)));
    address.set_country("CH");
    for (int i = 0; i < lines; ++i) line(*order.add_lines());
    order.set_total(price(9000));
    for (int i = number(0, 3); i > 0; --i) order.add_tags(text(4, 10));
    if (number(0, 1) == 0) order.set_revision(number(1, 20));
    if (number(0, 2) != 0) order.set_paid(true);
    if (number(0, 2) == 0) order.set_note(number(0, 5) == 0 ? "für „später“" : words(6));
    return order;
  }

  std::string sentence() { return words(6); }
  double wild() { return std::uniform_real_distribution<double>(-1, 1)(random_) * std::pow(10.0, number(-8, 8)); }
  int number(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }

 private:
  void line(Line& line) {
    line.set_sku("sku-" + std::to_string(number(1000, 9999999)));
    line.set_title(words(3));
    line.set_quantity(number(1, 12));
    line.set_unit_price(price(500));
    if (number(0, 9) == 0) line.set_gift(true);
  }
  double price(int most) { return number(100, most * 100) / 100.0; }
  std::string text(int least, int most) {
    std::string out;
    for (int i = number(least, most); i > 0; --i) out += static_cast<char>('a' + number(0, 25));
    return out;
  }
  std::string words(int count) {
    std::string out = text(3, 9);
    for (int i = 1; i < count; ++i) out += " " + text(3, 9);
    return out;
  }

  std::mt19937 random_{20240607};
};

// JSON where one letter in eight is escaped.
std::string with_escapes(const nlohmann::ordered_json& json) {
  if (json.is_string()) {
    std::string out = "\"";
    int i = 0;
    for (const char c : json.get<std::string>()) {
      const bool escape = ++i % 8 == 0 && static_cast<unsigned char>(c) < 0x80 && std::isalpha(c);
      constexpr char kDigits[] = "0123456789abcdef";
      if (escape) {
        out += std::string("\\u00") + kDigits[c >> 4] + kDigits[c & 15];
      } else {
        out += c;
      }
    }
    return out + "\"";
  }
  if (!json.is_structured()) return json.dump();
  std::string out;
  for (const auto& [key, value] : json.items()) {
    if (!out.empty()) out += ',';
    if (json.is_object()) out += '"' + key + "\":";
    out += with_escapes(value);
  }
  return json.is_object() ? "{" + out + "}" : "[" + out + "]";
}

std::string json_of(const pb::Message& message) {
  std::string json;
  if (!pb::util::MessageToJsonString(message, &json).ok()) std::abort();
  return json;
}

// json_util stops at 64 levels: level by level.
std::string json_of(const Node& node) {
  Node level = node;
  level.clear_child();
  std::string json = json_of(static_cast<const pb::Message&>(level));
  if (!node.has_child()) return json;
  json.pop_back();
  return json + ",\"child\":" + json_of(node.child()) + "}";
}

template <class Message>
Sample sample(const Message& message) {
  Sample sample;
  sample.wire = message.SerializeAsString();
  sample.json = json_of(message);
  const auto ordered = nlohmann::ordered_json::parse(sample.json);
  sample.pretty = ordered.dump(2);
  sample.sorted = nlohmann::json::parse(sample.json).dump();
  sample.escaped = with_escapes(ordered);
  return sample;
}

}  // namespace

std::vector<Sample> tiny_samples() {
  Builder builder;
  std::vector<Sample> samples;
  for (int i = 0; i < 64; ++i) samples.push_back(sample(builder.ping()));
  return samples;
}

std::vector<Sample> order_samples() {
  Builder builder;
  std::vector<Sample> samples;
  for (int i = 0; i < 64; ++i) samples.push_back(sample(builder.order(builder.number(5, 7))));
  return samples;
}

std::vector<Sample> batch_samples() {
  Builder builder;
  std::vector<Sample> samples;
  for (int i = 0; i < 8; ++i) {
    Batch batch;
    for (int k = 0; k < 75; ++k) *batch.add_orders() = builder.order(builder.number(4, 7));
    samples.push_back(sample(batch));
  }
  return samples;
}

std::vector<Sample> flat_samples() {
  Builder builder;
  Node node;
  for (int i = 0; i < kNodes * kTextsEach; ++i) node.add_more(builder.sentence());
  return {sample(node)};
}

std::vector<Sample> deep_samples() {
  Builder builder;
  Node root;
  Node* node = &root;
  for (int level = 0; level < kNodes; ++level) {
    for (int i = 0; i < kTextsEach; ++i) node->add_more(builder.sentence());
    if (level + 1 < kNodes) node = node->mutable_child();
  }
  return {sample(root)};
}

std::vector<Sample> double_samples() {
  Builder builder;
  std::vector<Sample> samples;
  for (int i = 0; i < 8; ++i) {
    Samples doubles;
    for (int k = 0; k < 800; ++k) doubles.add_values(builder.wild());
    samples.push_back(sample(doubles));
  }
  return samples;
}

}  // namespace sluice::bench
