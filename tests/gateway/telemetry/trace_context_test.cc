// traceparent: what is read, what is ignored, and what children inherit.
#include "gateway/telemetry/trace_context.h"

#include <gtest/gtest.h>

#include <string>

namespace sluice::gateway {
namespace {

constexpr const char* kParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceContext, ReadsWhatItWrites) {
  const auto context = parse_traceparent(kParent);
  ASSERT_TRUE(context);
  EXPECT_EQ(to_hex(context->trace), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(to_hex(context->span), "00f067aa0ba902b7");
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(to_traceparent(*context), kParent);
}

TEST(TraceContext, ReadsFlagsAndLaterVersions) {
  const std::string base(kParent, 53);
  EXPECT_FALSE(parse_traceparent(base + "00")->sampled);
  EXPECT_TRUE(parse_traceparent(base + "03")->sampled);
  EXPECT_FALSE(parse_traceparent(base + "02")->sampled);
  EXPECT_TRUE(parse_traceparent("cc" + std::string(kParent).substr(2) + "-what-the-future"));
}

TEST(TraceContext, IgnoresWhatIsNoTraceparent) {
  const std::string good = kParent;
  for (const std::string& bad : std::initializer_list<std::string>{
           "",
           good.substr(0, 54),
           good + "-more",
           "ff" + good.substr(2),
           "cc" + good.substr(2) + "x",
           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
           "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
       }) {
    EXPECT_FALSE(parse_traceparent(bad)) << bad;
  }
}

TEST(TraceContext, EveryPrefixIsIgnored) {
  const std::string good = kParent;
  for (std::size_t cut = 0; cut < good.size(); ++cut) EXPECT_FALSE(parse_traceparent(good.substr(0, cut))) << cut;
}

TEST(TraceSource, ChildrenStayInTheirTrace) {
  TraceSource source(0, 1);
  const auto parent = parse_traceparent(kParent);
  const TraceContext child = source.next(parent);
  EXPECT_EQ(child.trace, parent->trace);
  EXPECT_NE(child.span, parent->span);
  EXPECT_TRUE(child.sampled) << "the parent decides, not the ratio";
}

TEST(TraceSource, SamplesTheGivenPartOfItsOwnTraces) {
  TraceSource none(0, 1);
  TraceSource all(1, 1);
  TraceSource half(0.5, 1);
  int sampled = 0;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(none.next(std::nullopt).sampled);
    EXPECT_TRUE(all.next(std::nullopt).sampled);
    sampled += half.next(std::nullopt).sampled ? 1 : 0;
  }
  EXPECT_GT(sampled, 400);
  EXPECT_LT(sampled, 600);
}

}  // namespace
}  // namespace sluice::gateway
