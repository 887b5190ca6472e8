// The route table of the test's shop, whole or with rules of a service config.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "gateway/route/route_table.h"
#include "gateway/schema/schema_builder.h"
#include "shop.pb.h"

namespace sluice::gateway {

inline std::expected<std::shared_ptr<const RouteTable>, RouteTable::Problems> build_shop(const RouteOptions& options) {
  google::protobuf::FileDescriptorProto file;
  shop::Item::descriptor()->file()->CopyTo(&file);
  SchemaBuilder builder;
  builder.add(std::move(file), "shop.pb", true);
  SchemaResult schema = std::move(builder).build();
  if (!schema) return std::unexpected(std::move(schema.error()));
  return RouteTable::build(*std::move(schema), options);
}

inline std::shared_ptr<const RouteTable> shop_table(const RouteOptions& options = {}) {
  auto table = build_shop(options);
  EXPECT_TRUE(table) << testing::PrintToString(table.error());
  return *std::move(table);
}

}  // namespace sluice::gateway
