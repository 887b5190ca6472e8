#include "rpc_core/codegen/method_text.h"

namespace sluice::rpc::codegen {
namespace {

constexpr std::string_view kOptions = "const ::sluice::rpc::CallOptions& options";
constexpr std::string_view kOptionsDefault = "const ::sluice::rpc::CallOptions& options = {}";

constexpr MethodText kUnary = {
    .handler_result = "::sluice::rpc::Result<$Response$>",
    .handler_parameters = "::sluice::rpc::ServerContext& context, const $Request$& request",
    .default_parameters = "::sluice::rpc::ServerContext& context, const $Request$&",
    .default_result = "::sluice::rpc::fail(::sluice::rpc::unimplemented(context.path()))",
    .adaptor = "serve_unary",
    .mode = "Unary",
    .client_result = "::sluice::rpc::Task<::sluice::rpc::Result<$Response$>>",
    .client_parameters =
        "const $Request$& request, const ::sluice::rpc::CallOptions& options,\n"
        "    ::sluice::rpc::ResponseMetadata* received",
    .client_defaults =
        "const $Request$& request, const ::sluice::rpc::CallOptions& options = {},\n"
        "    ::sluice::rpc::ResponseMetadata* received = nullptr",
    .client_body =
        "::sluice::rpc::call_typed<$Response$>(\n"
        "      *caller_, \"$path$\", ::sluice::rpc::encode(request), options, received)",
};
constexpr MethodText kClientStreaming = {
    .handler_result = "::sluice::rpc::Result<$Response$>",
    .handler_parameters = "::sluice::rpc::ServerContext& context, ::sluice::rpc::Reader<$Request$>& reader",
    .default_parameters = "::sluice::rpc::ServerContext& context, ::sluice::rpc::Reader<$Request$>&",
    .default_result = "::sluice::rpc::fail(::sluice::rpc::unimplemented(context.path()))",
    .adaptor = "serve_client_stream",
    .mode = "ClientStreaming",
    .client_result = "::sluice::rpc::ClientStream<$Request$, $Response$>",
    .client_parameters = kOptions,
    .client_defaults = kOptionsDefault,
    .client_body = "{*caller_, \"$path$\", options}",
};
constexpr MethodText kServerStreaming = {
    .handler_result = "::sluice::rpc::Status",
    .handler_parameters =
        "::sluice::rpc::ServerContext& context, const $Request$& request,\n"
        "    ::sluice::rpc::Writer<$Response$>& writer",
    .default_parameters =
        "::sluice::rpc::ServerContext& context, const $Request$&,\n"
        "    ::sluice::rpc::Writer<$Response$>&",
    .default_result = "::sluice::rpc::unimplemented(context.path())",
    .adaptor = "serve_server_stream",
    .mode = "ServerStreaming",
    .client_result = "::sluice::rpc::ServerStream<$Response$>",
    .client_parameters = "const $Request$& request, const ::sluice::rpc::CallOptions& options",
    .client_defaults = "const $Request$& request, const ::sluice::rpc::CallOptions& options = {}",
    .client_body = "{*caller_, \"$path$\", ::sluice::rpc::encode(request), options}",
};
constexpr MethodText kBidiStreaming = {
    .handler_result = "::sluice::rpc::Status",
    .handler_parameters =
        "::sluice::rpc::ServerContext& context, ::sluice::rpc::Reader<$Request$>& reader,\n"
        "    ::sluice::rpc::Writer<$Response$>& writer",
    .default_parameters =
        "::sluice::rpc::ServerContext& context, ::sluice::rpc::Reader<$Request$>&,\n"
        "    ::sluice::rpc::Writer<$Response$>&",
    .default_result = "::sluice::rpc::unimplemented(context.path())",
    .adaptor = "serve_bidi_stream",
    .mode = "BidiStreaming",
    .client_result = "::sluice::rpc::BidiStream<$Request$, $Response$>",
    .client_parameters = kOptions,
    .client_defaults = kOptionsDefault,
    .client_body = "{*caller_, \"$path$\", options}",
};

}  // namespace

const MethodText& text_of(CallMode mode) {
  switch (mode) {
    case CallMode::ClientStreaming:
      return kClientStreaming;
    case CallMode::ServerStreaming:
      return kServerStreaming;
    case CallMode::BidiStreaming:
      return kBidiStreaming;
    case CallMode::Unary:
      break;
  }
  return kUnary;
}

}  // namespace sluice::rpc::codegen
