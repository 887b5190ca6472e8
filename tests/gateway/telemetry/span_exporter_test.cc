// Batches, the bound of the queue, and a collector that is lost.
#include "gateway/telemetry/span_exporter.h"

#include <gtest/gtest.h>

#include <future>
#include <nlohmann/json.hpp>
#include <optional>

namespace sluice::gateway {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

std::size_t spans_in(const std::string& body) {
  return Json::parse(body)["resourceSpans"][0]["scopeSpans"][0]["spans"].size();
}

SpanExporter::Options patient(std::size_t batch) {
  SpanExporter::Options options;
  options.max_batch = batch;
  options.max_queued = 10;
  options.interval = 1h;
  return options;
}

TEST(SpanExporter, SendsABatchAsSoonAsItIsFull) {
  std::promise<std::size_t> first;
  std::optional<SpanExporter> exporter;
  exporter.emplace(patient(3), [&, told = false](const std::string& body) mutable {
    if (!told) first.set_value(spans_in(body));
    told = true;
    return true;
  });
  for (int i = 0; i < 3; ++i) exporter->add(Span());
  EXPECT_EQ(first.get_future().get(), 3U);
}

TEST(SpanExporter, SendsTheRestAtTheEnd) {
  std::vector<std::size_t> batches;
  {
    SpanExporter exporter(patient(5), [&](const std::string& body) {
      batches.push_back(spans_in(body));
      return true;
    });
    for (int i = 0; i < 2; ++i) exporter.add(Span());
  }
  EXPECT_EQ(batches, std::vector<std::size_t>{2});
}

TEST(SpanExporter, SendsWhatHasWaitedLongEnough) {
  std::promise<std::size_t> sent;
  SpanExporter::Options options = patient(100);
  options.interval = 1ms;
  SpanExporter exporter(options, [&, told = false](const std::string& body) mutable {
    if (!told) sent.set_value(spans_in(body));
    told = true;
    return true;
  });
  exporter.add(Span());
  EXPECT_EQ(sent.get_future().get(), 1U);
}

TEST(SpanExporter, DropsAndCountsWhatDoesNotFit) {
  std::promise<void> release;
  std::promise<void> busy;
  std::shared_future<void> released = release.get_future().share();
  SpanExporter exporter(patient(1), [&, told = false](const std::string&) mutable {
    if (!told) busy.set_value();
    told = true;
    released.wait();
    return true;
  });
  exporter.add(Span());
  busy.get_future().wait();  // the collector hangs: from now on spans queue up
  for (int i = 0; i < 15; ++i) exporter.add(Span());
  EXPECT_EQ(exporter.dropped(), 5U);
  release.set_value();
}

TEST(SpanExporter, CountsWhatTheCollectorRefused) {
  std::promise<void> asked;
  std::uint64_t dropped = 0;
  {
    SpanExporter exporter(patient(2), [&](const std::string&) {
      asked.set_value();
      return false;
    });
    exporter.add(Span());
    exporter.add(Span());
    asked.get_future().wait();
    while (dropped == 0) dropped = exporter.dropped();
    EXPECT_EQ(exporter.exported(), 0U);
  }
  EXPECT_EQ(dropped, 2U);
}

}  // namespace
}  // namespace sluice::gateway
