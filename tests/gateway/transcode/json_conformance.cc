// The testee of protobuf's conformance runner: JSON through the direct engine both ways, binary as it came.
#include <conformance.pb.h>
#include <google/protobuf/test_messages_proto2.pb.h>
#include <google/protobuf/test_messages_proto3.pb.h>

#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "gateway/transcode/transcoder.h"

namespace {

using conformance::ConformanceRequest;
using conformance::ConformanceResponse;
using google::protobuf::Descriptor;
using google::protobuf::FileDescriptor;
using sluice::gateway::RouteSpec;
using sluice::gateway::Transcoder;

class Testee {
 public:
  Testee() {
    const FileDescriptor* const files[] = {proto2()->file(), proto3()->file()};
    engine_ = sluice::gateway::make_direct_engine(sluice::gateway::SchemaFiles(files));
    for (const Descriptor* type : {proto2(), proto3()}) {
      for (const bool ignore_unknown : {false, true}) {
        RouteSpec spec;
        spec.input = spec.output = type;
        spec.body = "*";
        spec.parse.reject_unknown_fields = !ignore_unknown;
        transcoders_[{type->full_name(), ignore_unknown}] = std::move(engine_->plan(spec).value());
      }
    }
  }

  ConformanceResponse run(const ConformanceRequest& request) {
    ConformanceResponse response;
    if (request.message_type() == "conformance.FailureSet") {
      response.set_protobuf_payload("");
      return response;
    }
    if (request.has_jspb_payload() || request.has_text_payload() ||
        request.requested_output_format() == conformance::JSPB ||
        request.requested_output_format() == conformance::TEXT_FORMAT) {
      response.set_skipped("neither JSON nor binary");
      return response;
    }
    const bool ignore_unknown = request.test_category() == conformance::JSON_IGNORE_UNKNOWN_PARSING_TEST;
    const Transcoder& transcoder = *transcoders_.at({request.message_type(), ignore_unknown});
    std::string binary;
    if (!read(request, transcoder, binary, response)) return response;
    write(request, transcoder, binary, response);
    return response;
  }

 private:
  static const Descriptor* proto2() { return protobuf_test_messages::proto2::TestAllTypesProto2::descriptor(); }
  static const Descriptor* proto3() { return protobuf_test_messages::proto3::TestAllTypesProto3::descriptor(); }

  static std::unique_ptr<google::protobuf::Message> message_of(const std::string& type) {
    if (type == proto2()->full_name()) return std::make_unique<protobuf_test_messages::proto2::TestAllTypesProto2>();
    return std::make_unique<protobuf_test_messages::proto3::TestAllTypesProto3>();
  }

  // The request's message, encoded; false: a parse error is in the response.
  static bool read(const ConformanceRequest& request, const Transcoder& transcoder, std::string& binary,
                   ConformanceResponse& response) {
    if (request.has_protobuf_payload()) {
      binary = request.protobuf_payload();
      return true;
    }
    sluice::gateway::RequestParts parts;
    parts.body = request.json_payload();
    sluice::rpc::Buffer out;
    if (parts.body.empty()) {  // for a gateway an empty message, for JSON nothing
      response.set_parse_error("expected a JSON value, got no text");
      return false;
    }
    if (auto good = transcoder.request(parts, out); !good) {
      response.set_parse_error(good.error().message());
      return false;
    }
    binary = out.text();
    return true;
  }

  static void write(const ConformanceRequest& request, const Transcoder& transcoder, const std::string& binary,
                    ConformanceResponse& response) {
    if (request.requested_output_format() == conformance::JSON) {
      sluice::rpc::Buffer out;
      if (auto good = transcoder.response(binary, {}, out)) {
        response.set_json_payload(std::string(out.text()));
      } else if (good.error().message().ends_with("malformed bytes")) {
        response.set_parse_error(good.error().message());
      } else {
        response.set_serialize_error(good.error().message());
      }
      return;
    }
    const auto message = message_of(request.message_type());
    if (message->ParseFromString(binary)) {
      response.set_protobuf_payload(message->SerializeAsString());
    } else {
      response.set_parse_error("malformed bytes");
    }
  }

  std::unique_ptr<sluice::gateway::TranscodeEngine> engine_;
  std::map<std::pair<std::string, bool>, std::unique_ptr<const Transcoder>> transcoders_;
};

// Messages with a length of four little-endian bytes.
bool read_message(std::string& bytes) {
  std::uint32_t size = 0;
  if (!std::cin.read(reinterpret_cast<char*>(&size), sizeof size)) return false;
  bytes.resize(size);
  return static_cast<bool>(std::cin.read(bytes.data(), size));
}

void write_message(const std::string& bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  std::cout.write(reinterpret_cast<const char*>(&size), sizeof size);
  std::cout.write(bytes.data(), size);
  std::cout.flush();
}

}  // namespace

int main() {
  Testee testee;
  std::string bytes;
  while (read_message(bytes)) {
    ConformanceRequest request;
    if (!request.ParseFromString(bytes)) return 1;
    write_message(testee.run(request).SerializeAsString());
  }
  return 0;
}
