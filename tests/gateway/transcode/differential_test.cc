// The direct engine against json_util: random messages of random types, both ways, 100,000 in all.
// The messages here hold nothing on which the engines differ deliberately: differences_test.cc lists that.
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/field_comparator.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <set>

#include "gateway/transcode/transcoder.h"
#include "tests/gateway/transcode/random_messages.h"

namespace sluice::gateway {
namespace {

namespace pb = google::protobuf;

constexpr int kTypes = 50;  // sets of types, one a test
constexpr int kMessagesEach = 2000;

// A DynamicMessage keeps all entries of a map that it parsed; of equal keys the last one counts.
void keep_last_entries(pb::Message& message) {
  std::vector<const pb::FieldDescriptor*> fields;
  const pb::Reflection& reflection = *message.GetReflection();
  reflection.ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    if (field->message_type() == nullptr) continue;
    if (!field->is_repeated()) {
      keep_last_entries(*reflection.MutableMessage(&message, field));
      continue;
    }
    std::vector<std::unique_ptr<pb::Message>> kept;
    std::set<std::string> keys;
    for (int i = reflection.FieldSize(message, field); i-- > 0;) {
      pb::Message& element = *reflection.MutableRepeatedMessage(&message, field, i);
      keep_last_entries(element);
      std::string key = std::to_string(i);
      if (field->is_map()) pb::TextFormat::PrintFieldValueToString(element, field->message_type()->map_key(), -1, &key);
      if (!keys.insert(key).second) continue;
      kept.emplace_back(element.New())->CopyFrom(element);
    }
    reflection.ClearField(&message, field);
    for (auto it = kept.rbegin(); it != kept.rend(); ++it)
      reflection.AddAllocatedMessage(&message, field, it->release());
  }
}

class Differential : public testing::TestWithParam<int> {
 protected:
  Differential() : messages_(static_cast<std::uint32_t>(GetParam())) {
    const pb::FileDescriptor* const files[] = {&messages_.file()};
    engine_ = make_direct_engine(SchemaFiles(files));
    RouteSpec spec;
    spec.input = spec.output = &messages_.type();
    spec.body = "*";
    spec.parse.reject_unknown_fields = true;
    transcoder_ = std::move(engine_->plan(spec).value());
    comparator_.set_treat_nan_as_equal(true);
  }

  void expect_same(const pb::Message& expected, const std::string& bytes) {
    const auto got = messages_.empty();
    ASSERT_TRUE(got->ParseFromString(bytes));
    pb::util::MessageDifferencer differencer;
    differencer.set_field_comparator(&comparator_);
    std::string difference;
    differencer.ReportDifferencesToString(&difference);
    EXPECT_TRUE(differencer.Compare(expected, *got)) << difference;
  }

  RandomMessages messages_;
  std::unique_ptr<TranscodeEngine> engine_;
  std::unique_ptr<const Transcoder> transcoder_;
  pb::util::DefaultFieldComparator comparator_;
};

TEST_P(Differential, ReadsWhatJsonUtilWritesAndWritesWhatItReads) {
  for (int i = 0; i < kMessagesEach && !HasFailure(); ++i) {
    const auto message = messages_.message();
    const std::string bytes = message->SerializeAsString();

    std::string theirs;
    ASSERT_TRUE(pb::util::MessageToJsonString(*message, &theirs).ok());
    rpc::Buffer wire;
    RequestParts parts;
    parts.body = theirs;
    const auto read = transcoder_->request(parts, wire);
    ASSERT_TRUE(read) << read.error().message() << "\n" << theirs;
    expect_same(*message, std::string(wire.text()));

    rpc::Buffer json;
    const auto written = transcoder_->response(bytes, {.pretty = i % 2 == 1}, json);
    ASSERT_TRUE(written) << written.error().message() << "\n" << theirs;
    const auto back = messages_.empty();
    const auto parsed = pb::util::JsonStringToMessage(pb::StringPiece(json.text().data(), json.size()), back.get());
    ASSERT_TRUE(parsed.ok()) << parsed.ToString() << "\n" << json.text();
    expect_same(*message, back->SerializeAsString());
  }
}

// Pieces of several encodings one behind the other are a message too: fields come again, out of order, in parts.
TEST_P(Differential, PrintsMergedMessagesAsProtobufMergesThem) {
  for (int i = 0; i < kMessagesEach / 10 && !HasFailure(); ++i) {
    const std::string bytes = messages_.message()->SerializeAsString() + messages_.message()->SerializeAsString();
    const auto merged = messages_.empty();
    ASSERT_TRUE(merged->ParseFromString(bytes));
    keep_last_entries(*merged);
    rpc::Buffer json;
    const auto written = transcoder_->response(bytes, {}, json);
    if (!written) {  // what is merged may have no JSON: a Duration of two signs
      std::string theirs;
      EXPECT_FALSE(pb::util::MessageToJsonString(*merged, &theirs).ok()) << written.error().message();
      continue;
    }
    rpc::Buffer wire;
    RequestParts parts;
    parts.body = json.text();
    ASSERT_TRUE(transcoder_->request(parts, wire)) << json.text();
    expect_same(*merged, std::string(wire.text()));
  }
}

INSTANTIATE_TEST_SUITE_P(Types, Differential, testing::Range(1, kTypes + 1));

}  // namespace
}  // namespace sluice::gateway
