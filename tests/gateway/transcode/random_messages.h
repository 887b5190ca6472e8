// Random message types and random messages of them, the same for the same seed.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>

namespace sluice::gateway {

class RandomMessages {
 public:
  explicit RandomMessages(std::uint32_t seed);

  // The types: one file with messages that hold each other.
  const google::protobuf::FileDescriptor& file() const { return *file_; }
  // A type that is the root of many others.
  const google::protobuf::Descriptor& type() const { return *file_->message_type(0); }

  std::unique_ptr<google::protobuf::Message> message();
  std::unique_ptr<google::protobuf::Message> empty() { return fresh(type()); }

 private:
  std::unique_ptr<google::protobuf::Message> fresh(const google::protobuf::Descriptor& type);
  void build_file();
  void build_message(google::protobuf::DescriptorProto& message, int index);
  void build_field(google::protobuf::DescriptorProto& message, int number, bool in_oneof);
  void build_map(google::protobuf::DescriptorProto& message, google::protobuf::FieldDescriptorProto& field);
  void fill(google::protobuf::Message& message, int depth);
  void fill_field(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field, int depth);
  void add_entry(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field, int depth, int i);
  void set_scalar(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field);
  bool fill_well_known(google::protobuf::Message& message, int depth);

  bool chance(int percent) { return number(1, 100) <= percent; }
  std::int64_t number(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random_);
  }
  std::uint64_t bits();
  double real();
  std::string text();

  std::mt19937_64 random_;
  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_;
  const google::protobuf::FileDescriptor* file_ = nullptr;
  bool proto3_ = false;
};

}  // namespace sluice::gateway
