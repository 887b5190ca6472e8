// A made-up API of any size in the look of the public Google APIs: resources below projects, locations, organizations
// and folders, each with its standard methods and a few verbs.
#pragma once

#include <google/protobuf/descriptor.pb.h>

#include <string>
#include <vector>

namespace sluice::bench {

struct Request {
  std::string method;
  std::string path;
};

struct SyntheticApi {
  google::protobuf::FileDescriptorSet files;  // one service each
  std::vector<Request> requests;              // one for each binding, in their order
  int methods = 0;
};

// At least that many bindings; 13 methods have 15.
SyntheticApi synthetic_api(int bindings);

}  // namespace sluice::bench
