"""The unary part of the tables once more, in front of a server that nobody here wrote: Python's grpcio."""
import base64
import concurrent.futures
import unittest

import support

support.require_rest_tools()

import grpc  # noqa: E402

import rest_case  # noqa: E402
import rest_reply  # noqa: E402
import rest_schema  # noqa: E402
import rest_tables  # noqa: E402

CODES = {code.value[0]: code for code in grpc.StatusCode}
# What grpcio keeps for itself, on its way in and on its way out.
UNSEEN = {"te", "content-type", "grpc-timeout"}
UNSENDABLE = {"te", "trailer", "content-length", "date"}


class Call:
    def __init__(self, path, message, metadata):
        self.path, self.messages, self.metadata = path, [message], metadata
        self.done = True

    def values(self, name):
        return [rest_reply.unpadded(value) if isinstance(value, bytes) else value
                for key, value in self.metadata if key == name]


def sendable(fields):
    """Pairs as grpcio takes them: binary values as bytes."""
    return [(key, base64.b64decode(value + "==") if key.endswith("-bin") else value)
            for key, value in fields if key not in ("grpc-status", "grpc-message", ":status", "content-type")]


class Backend(grpc.GenericRpcHandler):
    """Plays the scripts of proper answers: a head, one message, trailers."""

    def __init__(self):
        self.script, self.calls = [], []
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(4))
        self.server.add_generic_rpc_handlers((self,))
        self.address = "127.0.0.1:%d" % self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def expect(self, script):
        self.script, self.calls = script, []

    def service(self, details):
        if not details.method.startswith("/rest.v1."):
            return None
        return grpc.unary_unary_rpc_method_handler(
            lambda request, context: self.handle(details.method, request, context))

    def handle(self, path, request, context):
        self.calls.append(Call(path, request, list(context.invocation_metadata())))
        reply = b""
        for name, argument in self.script:
            if name == "head" and argument:
                context.send_initial_metadata(sendable(argument))
            elif name == "message":
                reply = argument
            elif name == "trailers":
                context.set_trailing_metadata(sendable(argument))
                status = dict(argument)
                if status["grpc-status"] != "0":
                    context.abort(CODES[int(status["grpc-status"])], self.says)
        return reply


def is_for_grpcio(group, case, schema):
    """A call of a unary method that any server could answer so."""
    if "call" not in case or "backend" in group or case["call"] not in schema.methods:
        return False
    from google.protobuf import descriptor_pb2
    method = descriptor_pb2.MethodDescriptorProto()
    schema.methods[case["call"]][1].CopyToProto(method)
    reply = case.get("reply", {})
    names = {name for part in ("head", "trailers") for name in reply.get(part, {})}
    return not (method.client_streaming or method.server_streaming or reply.keys() & {
        "steps", "messages", "gzipped", "details_base64"} or reply.get("status", 0) not in CODES or names & UNSENDABLE or any(
            name.startswith("grpc-") for name in names) or case.get("metadata", {}).keys() & UNSEEN or "never_indexed" in case)


class UnaryOnGrpcio(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = rest_schema.RestSchema()
        cls.backend = Backend()
        cls.gateways = rest_tables.Gateways(cls.schema, cls.backend.address)

    @classmethod
    def tearDownClass(cls):
        cls.gateways.stop()
        cls.backend.server.stop(None)

    def test_answers_alike(self):
        count = 0
        for name, group, case in rest_tables.cases():
            if not is_for_grpcio(group, case, self.schema):
                continue
            count += 1
            self.backend.says = case.get("reply", {}).get("says", "")
            with self.subTest(table=name, case=case["case"]):
                wrong = rest_case.run(case, self.gateways.address(group), self.backend, self.schema)
                self.assertEqual(wrong, [])
        self.assertGreater(count, 300)


if __name__ == "__main__":
    unittest.main()
