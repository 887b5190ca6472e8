"""A grpcio server with annotated methods, which answers what it is asked, and the reflection service of v1alpha."""
import concurrent.futures
import os
import subprocess
import tempfile

import grpc
from google.protobuf import descriptor_pb2

import support

SERVICES = os.path.join(os.environ.get("SLUICE_SOURCE", "."), "rpc_core", "services")
REFLECTION = "grpc.reflection.v1alpha.ServerReflection"


def reflection_schema():
    with tempfile.NamedTemporaryFile(suffix=".pb") as out:
        subprocess.run(["protoc", "-I", SERVICES, "--descriptor_set_out", out.name,
                        "grpc/reflection/v1alpha/reflection.proto"], check=True)
        return support.Schema(out.name)


def varint(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def schema(package, rules):
    """PACKAGE.Things with a method for each rule: method name -> GET template."""
    file = descriptor_pb2.FileDescriptorProto(
        name=f"{package}.proto", package=package, syntax="proto3", dependency=["google/api/annotations.proto"])
    message = file.message_type.add(name="Thing")
    message.field.add(name="id", number=1, type=9, label=1)
    service = file.service.add(name="Things")
    for name, template in rules.items():
        method = service.method.add(name=name, input_type=f".{package}.Thing", output_type=f".{package}.Thing")
        rule = field(72295728, field(2, template.encode()))  # (google.api.http) = {get: template}
        method.options.MergeFromString(rule)
    return file


class Handler(grpc.GenericRpcHandler):
    def __init__(self, package, rules, reflection):
        self.package = package
        self.seen = []  # the metadata of each call
        self.file = schema(package, rules)
        self.messages = reflection_schema() if reflection else None

    def service(self, details):
        if details.method.startswith(f"/{self.package}.Things/"):
            self.seen.append(dict(details.invocation_metadata))
            return grpc.unary_unary_rpc_method_handler(lambda request, context: request)
        if self.messages and details.method == f"/{REFLECTION}/ServerReflectionInfo":
            request = self.messages.message("grpc.reflection.v1alpha.ServerReflectionRequest")
            return grpc.stream_stream_rpc_method_handler(
                self.reflect, request_deserializer=request.FromString,
                response_serializer=lambda message: message.SerializeToString())
        return None

    def reflect(self, requests, context):
        response = self.messages.message("grpc.reflection.v1alpha.ServerReflectionResponse")
        for request in requests:
            answer = response(original_request=request)
            if request.HasField("list_services"):
                for name in (f"{self.package}.Things", REFLECTION):
                    answer.list_services_response.service.add(name=name)
            elif request.file_containing_symbol == f"{self.package}.Things":
                answer.file_descriptor_response.file_descriptor_proto.append(self.file.SerializeToString())
            elif file := known_file(request.file_by_filename):
                answer.file_descriptor_response.file_descriptor_proto.append(file)
            else:
                answer.error_response.error_code = grpc.StatusCode.NOT_FOUND.value[0]
                answer.error_response.error_message = "not here"
            yield answer


def known_file(name):
    """An import, from the set of the bookstore."""
    with open(support.program("bookstore.pb"), "rb") as file:
        files = descriptor_pb2.FileDescriptorSet.FromString(file.read()).file
    return next((each.SerializeToString() for each in files if each.name == name), None)


def start(port, rules, package="things.v1", reflection=True, credentials=None):
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(8))
    server.handler = Handler(package, rules, reflection)
    server.add_generic_rpc_handlers((server.handler,))
    address = f"127.0.0.1:{port}"
    bound = server.add_secure_port(address, credentials) if credentials else server.add_insecure_port(address)
    if bound != port:
        raise RuntimeError(f"port {port} is taken")
    server.start()
    return server
