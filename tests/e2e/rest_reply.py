"""What a case says of the backend, as the script of a ScriptedBackend."""
import base64
import urllib.parse


def pairs(fields):
    return [(name, str(each)) for name, value in (fields or {}).items()
            for each in (value if isinstance(value, list) else [value])]


def unpadded(data):
    return base64.b64encode(data).decode().rstrip("=")


def trailers_of(reply, schema):
    """grpc-status and what goes with it."""
    code = reply.get("status", 0)
    fields = [("grpc-status", str(code))]
    says = reply.get("says", "")
    if says:
        fields.append(("grpc-message", urllib.parse.quote(says, safe=" !\"#$&'()*+,/:;<=>?@[]^_`{|}~")))
    if "details" in reply:
        fields.append(("grpc-status-details-bin", unpadded(schema.status(code, says, reply["details"]))))
    if "details_base64" in reply:
        fields.append(("grpc-status-details-bin", reply["details_base64"]))
    return fields + pairs(reply.get("trailers"))


def messages_of(reply, method, schema):
    return [schema.encode(method.output_type.full_name, each) for each in reply_messages(reply, method)]


def reply_messages(reply, method):
    if "messages" in reply:
        return reply["messages"]
    if reply.get("status", 0) != 0 or is_server_stream(method):
        return []
    return [reply.get("message", {})]


def is_server_stream(method):
    from google.protobuf import descriptor_pb2
    proto = descriptor_pb2.MethodDescriptorProto()
    method.CopyToProto(proto)
    return proto.server_streaming


def script_of(reply, method, schema):
    """The steps; `steps` of the case are played as they are, and the rest is a proper answer."""
    if "steps" in reply:
        return [step_of(each, method, schema) for each in reply["steps"]]
    head = [*pairs(reply.get("head"))]
    kind = "message"
    if reply.get("gzipped"):
        head.append(("grpc-encoding", "gzip"))
        kind = "gzipped"
    steps = [("read_all", None)]
    messages = messages_of(reply, method, schema)
    if not messages and reply.get("status") and not head:
        trailers = [(":status", "200"), ("content-type", "application/grpc"), *trailers_of(reply, schema)]
        return [*steps, ("trailers", trailers)]
    return [*steps, ("head", head), *[(kind, each) for each in messages], ("trailers", trailers_of(reply, schema))]


def step_of(step, method, schema):
    name, argument = step if isinstance(step, list) else (step, None)
    if name in ("message", "gzipped"):
        argument = schema.encode(method.output_type.full_name, argument)
    elif name in ("head", "bare_head", "trailers"):
        argument = pairs(argument)
    elif name in ("data", "raw"):
        argument = bytes.fromhex(argument)
    elif name == "frame":
        argument = (argument[0], argument[1], bytes.fromhex(argument[2]))
    return name, argument
