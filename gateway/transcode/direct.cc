// The direct engine: binding, reading and printing in one pass over plans.
#include "gateway/transcode/binding_error.h"
#include "gateway/transcode/http_body.h"
#include "gateway/transcode/json_reader.h"
#include "gateway/transcode/json_writer.h"
#include "gateway/transcode/request_writer.h"
#include "gateway/transcode/route_binding.h"
#include "gateway/transcode/scratch.h"
#include "gateway/transcode/transcoder.h"

namespace sluice::gateway {

using rpc::fail;
using rpc::Result;
using rpc::Status;
using rpc::StatusCode;

namespace {

class DirectTranscoder final : public Transcoder {
 public:
  DirectTranscoder(RouteBinding route, const PlanSet& plans) : route_(std::move(route)), plans_(plans) {}

  Result<void> request(const RequestParts& parts, rpc::Buffer& out) const override {
    WireOutput wire(out);
    const std::size_t before = wire.position();
    Scratch& scratch = thread_scratch();
    RequestWriter writer(route_, {wire, scratch, plans_, route_.parse});
    Result<void> good = writer.write(parts);
    if (good) {
      scratch.lengths.apply(wire);
    } else {
      wire.rewind(before);
    }
    return good;
  }

  Result<void> response(std::string_view message, const PrintOptions& print, rpc::Buffer& out) const override {
    ByteOutput json(out);
    const std::size_t before = json.position();
    const WriteContext context{json, thread_scratch(), plans_, print, route_.parse.max_depth};
    for (const auto mode : {JsonWriter::Mode::Fast, JsonWriter::Mode::Careful}) {
      JsonWriter writer(context, mode);
      writer.set_source(message);
      const bool good = route_.response_field == nullptr
                            ? writer.message(*route_.output, message)
                            : writer.field_alone(*route_.output, *route_.response_field, message);
      if (good) return {};
      json.rewind(before);
      if (!writer.is_irregular()) return fail(bad_answer(writer.fault()));
    }
    return fail(bad_answer("fields in an order that cannot be put right"));
  }

  bool request_is_raw() const override { return route_.raw_request; }
  bool response_is_raw() const override { return route_.raw_response; }
  bool takes_body() const override { return route_.body != RouteBinding::Body::None; }
  Result<RawBody> raw_response(std::string_view message) const override {
    return read_http_body(message, route_.response_field == nullptr ? 0 : route_.response_field->number);
  }

 private:
  static Status bad_answer(const std::string& what) {
    return Status(StatusCode::Internal, "the answer is no valid message: " + what)
        .with_origin(Status::Origin::Transport);
  }

  const RouteBinding route_;
  const PlanSet& plans_;
};

class DirectEngine final : public TranscodeEngine {
 public:
  explicit DirectEngine(SchemaFiles files) {
    for (const auto* file : files) plans_.add_file(*file);
  }

  Result<std::unique_ptr<const Transcoder>> plan(const RouteSpec& spec) override {
    Result<RouteBinding> route = RouteBinding::build(plans_, spec);
    if (!route) return fail(route.error());
    return std::make_unique<const DirectTranscoder>(std::move(*route), plans_);
  }

 private:
  PlanSet plans_;
};

}  // namespace

std::unique_ptr<TranscodeEngine> make_direct_engine(SchemaFiles files) { return std::make_unique<DirectEngine>(files); }

}  // namespace sluice::gateway
