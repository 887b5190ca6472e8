// From a handler with typed messages to a ServerCall: one adaptor a mode, for generated code.
#pragma once

#include "rpc_core/call/server_stream.h"
#include "rpc_core/call/service.h"
#include "rpc_core/call/unary.h"

namespace sluice::rpc {

template <class Service, class Request, class Response>
Task<void> serve_unary(ServerCall& call, Service& service,
                       Task<Result<Response>> (Service::*handler)(ServerContext&, const Request&)) {
  ServerContext context(call);
  const Result<Buffer> bytes = co_await single_request(call);
  const Result<Request> request = decode<Request>(bytes);
  if (!request) {
    co_await context.finish(request.error());
    co_return;
  }
  const Result<Response> response = co_await (service.*handler)(context, *request);
  co_await context.finish(encode(response));
}

template <class Service, class Request, class Response>
Task<void> serve_client_stream(ServerCall& call, Service& service,
                               Task<Result<Response>> (Service::*handler)(ServerContext&, Reader<Request>&)) {
  ServerContext context(call);
  Reader<Request> reader(context);
  const Result<Response> response = co_await (service.*handler)(context, reader);
  co_await context.finish(encode(response));
}

template <class Service, class Request, class Response>
Task<void> serve_server_stream(ServerCall& call, Service& service,
                               Task<Status> (Service::*handler)(ServerContext&, const Request&, Writer<Response>&)) {
  ServerContext context(call);
  const Result<Buffer> bytes = co_await single_request(call);
  const Result<Request> request = decode<Request>(bytes);
  if (!request) {
    co_await context.finish(request.error());
    co_return;
  }
  Writer<Response> writer(context);
  Status status = co_await (service.*handler)(context, *request, writer);
  co_await context.finish(std::move(status));
}

template <class Service, class Request, class Response>
Task<void> serve_bidi_stream(ServerCall& call, Service& service,
                             Task<Status> (Service::*handler)(ServerContext&, Reader<Request>&, Writer<Response>&)) {
  ServerContext context(call);
  Reader<Request> reader(context);
  Writer<Response> writer(context);
  Status status = co_await (service.*handler)(context, reader, writer);
  co_await context.finish(std::move(status));
}

}  // namespace sluice::rpc
