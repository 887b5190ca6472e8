"""Section 1: what is refused at load, with the file, the method and the column, and what is not."""
import os
import re
import tempfile
import unittest

import support

FILE = """syntax = "proto3";
package t.v1;
import "google/api/annotations.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/struct.proto";
message M {
  string id = 1;
  M child = 2;
  repeated string tags = 3;
  map<string, string> labels = 4;
  google.protobuf.Timestamp time = 5;
  google.protobuf.Struct data = 6;
  int32 number = 7;
  oneof choice { string left = 8; string right = 9; }
}
service S {
%s
}
"""
METHOD = "  rpc %s(M) returns (M) { option (google.api.http) = { %s }; }"

# Of a rule: what stands in it, and the column of what is wrong in its template (None: it is not in a template).
REFUSED = {
    "a variable inside a variable": ('get: "/a/{id=b/{child.id}}"', 10),
    "a second **": ('get: "/a/**/b/**"', 9),
    "a second ** in a variable": ('get: "/a/**/{id=**}"', 11),
    "a ** behind a variable with one": ('get: "/{id=a/**}/**"', 12),
    "a field name that is no identifier": ('get: "/a/{1d}"', 5),
    "an empty field name": ('get: "/a/{}"', 5),
    "an empty part of a field path": ('get: "/a/{child..id}"', 11),
    "a space in a field name": ('get: "/a/{i d}"', 6),
    "a question mark in a literal": ('get: "/a?b"', 3),
    "a fragment sign in a literal": ('get: "/a#b"', 3),
    "a bracket in a literal": ('get: "/a[b"', 3),
    "an exclamation mark in a literal": ('get: "/a!b"', 3),
    "a space in a literal": ('get: "/a b"', 3),
    "half an escape": ('get: "/a%4"', 3),
    "no slash in front": ('get: "a/b"', 1),
    "an empty template": ('get: ""', None),
    "an empty segment": ('get: "/a//b"', 4),
    "a slash at the end": ('get: "/a/"', 4),
    "an open brace": ('get: "/a/{id"', None),
    "a brace too many": ('get: "/a/id}"', 6),
    "an empty verb": ('get: "/a:"', 4),
    "a verb with a slash": ('get: "/a:b/c"', None),
    "a star in a literal": ('get: "/a*"', 3),
    "an empty pattern": ('get: "/a/{id=}"', 8),
    "a path variable that is repeated": ('get: "/a/{tags}"', None),
    "a path variable that is a map": ('get: "/a/{labels}"', None),
    "a path variable that is a message": ('get: "/a/{child}"', None),
    "a path variable that is a Struct": ('get: "/a/{data}"', None),
    "a path variable inside a repeated field": ('get: "/a/{tags.id}"', None),
    "a path variable inside a scalar": ('get: "/a/{id.id}"', None),
    "a field that is bound twice": ('get: "/a/{id}/{id}"', None),
    "two members of one oneof": ('get: "/a/{left}/{right}"', None),
    "a field that the message lacks": ('get: "/a/{nothing}"', None),
    "a nested field that the message lacks": ('get: "/a/{child.nothing}"', None),
    "a body that the message lacks": ('post: "/a" body: "nothing"', None),
    "a nested body": ('post: "/a" body: "child.child"', None),
    "a body that the path binds": ('post: "/a/{id}" body: "id"', None),
    "a response_body that the message lacks": ('get: "/a" response_body: "nothing"', None),
    "nested additional_bindings": (
        'get: "/a" additional_bindings { get: "/b" additional_bindings { get: "/c" } }', None),
    "no pattern": ('body: "*"', None),
    "CONNECT": ('custom { kind: "CONNECT" path: "/a" }', None),
    "TRACE": ('custom { kind: "TRACE" path: "/a" }', None),
    "a body of a GET that the path cannot give": ('get: "/a/{child.id=**}/{child.child.tags}"', None),
}
GOOD = [
    'get: "/"', 'get: "/a/{id}"', 'get: "/b/{id=*}"', 'get: "/c/{id=**}"', 'get: "/d/{id=x/*/y/**}"', 'get: "/e/{child.child.id}"',
    'get: "/f/{id=a/**}/versions"', 'get: "/g/{id=a/*/**}/{number}"', 'get: "/h/{id=**/sessions/*}"', 'get: "/i/**/j/*/k"',
    'get: "/j/{time}"', 'get: "/k/{id}:verb"', 'get: "/l:verb"', 'get: "/m/{id=**}:verb"', 'get: "/n-._~"', 'get: "/o%20p"',
    'custom { kind: "*" path: "/q" }', 'custom { kind: "LIST" path: "/r" }', 'delete: "/s" body: "*"', 'get: "/t" response_body: "tags"',
    'post: "/u" body: "labels" additional_bindings { get: "/v" }',
]


class Templates(unittest.TestCase):
    def check(self, *rules, arguments=()):
        """sluice check of a file with a method for each rule: exit code, stderr."""
        methods = "\n".join(METHOD % (f"M{i}", rule) for i, rule in enumerate(rules))
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "t.proto"), "w", encoding="utf-8") as file:
                file.write(FILE % methods)
            code, out, err = support.run_sluice("check", "--backend", "localhost:1", "--proto-path", directory, "--proto",
                                                "t.proto", *arguments)
        return code, out + err

    def test_refuses(self):
        code, said = self.check(*(rule for rule, _ in REFUSED.values()), 'get: "/good"')
        self.assertEqual(code, 2, said)
        for i, (name, (_, column)) in enumerate(REFUSED.items()):
            with self.subTest(name):
                line = next((line for line in said.splitlines() if f"t.v1.S.M{i}:" in line), "")
                self.assertIn("t.proto", line, said)
                if column is not None:
                    self.assertRegex(line, rf"column {column}\b")
        self.assertNotIn(f"t.v1.S.M{len(REFUSED)}:", said)

    def test_takes(self):
        code, said = self.check(*GOOD)
        self.assertEqual(code, 0, said)

    def test_refuses_the_same_shape_twice_and_names_both(self):
        for twin in ('get: "/a/{number}/b"', 'get: "/a/*/b"', 'get: "/%61/{id=*}/b"',
                     'post: "/p" body: "*" additional_bindings { get: "/a/{number}/b" }'):
            with self.subTest(twin):
                code, said = self.check('get: "/a/{id}/b"', twin)
                self.assertEqual(code, 2, said)
                self.assertTrue(re.search(r"t\.v1\.S\.M0", said) and re.search(r"t\.v1\.S\.M1", said), said)
                for policy in ("first", "last"):
                    self.assertEqual(self.check('get: "/a/{id}/b"', twin, arguments=("--on-duplicate", policy))[0], 0)

    def test_takes_the_same_path_for_another_method_or_verb(self):
        code, said = self.check('get: "/a/{id}"', 'put: "/a/{id}"', 'get: "/a/{id}:verb"', 'custom { kind: "*" path: "/a/{id}" }')
        self.assertEqual(code, 0, said)


if __name__ == "__main__":
    unittest.main()
