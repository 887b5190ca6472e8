// How fast are both engines? bytes_per_second is of JSON text.
//
//   bench_transcode --benchmark_filter=order_1k
#include <benchmark/benchmark.h>

#include <functional>

#include "gateway/transcode/transcoder.h"
#include "order.pb.h"
#include "tests/bench/transcode/bench_messages.h"

namespace sluice::bench {
namespace {

using gateway::Transcoder;
using google::protobuf::Descriptor;

// One engine with a transcoder for each message type.
struct Engine {
  Engine(const char* engine_name, std::unique_ptr<gateway::TranscodeEngine> made)
      : name(engine_name), engine(std::move(made)) {}

  const Transcoder& transcoder(const Descriptor* type) {
    gateway::RouteSpec spec;
    spec.input = spec.output = type;
    spec.body = "*";
    transcoders.push_back(std::move(engine->plan(spec).value()));
    return *transcoders.back();
  }

  std::string name;
  std::unique_ptr<gateway::TranscodeEngine> engine;
  std::vector<std::unique_ptr<const Transcoder>> transcoders;
};

void json_to_wire(benchmark::State& state, const Transcoder& transcoder, const std::vector<std::string>& texts) {
  rpc::Buffer out;
  std::size_t bytes = 0;
  std::size_t next = 0;
  for (auto _ : state) {
    gateway::RequestParts parts;
    parts.body = texts[next++ % texts.size()];
    out.reset(rpc::kMessagePrefixBytes);
    if (!transcoder.request(parts, out)) state.SkipWithError("refused");
    benchmark::DoNotOptimize(out.data());
    bytes += parts.body.size();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void wire_to_json(benchmark::State& state, const Transcoder& transcoder, const std::vector<Sample>& samples) {
  rpc::Buffer out;
  std::size_t bytes = 0;
  std::size_t next = 0;
  for (auto _ : state) {
    out.reset(0);
    if (!transcoder.response(samples[next++ % samples.size()].wire, {}, out)) state.SkipWithError("refused");
    benchmark::DoNotOptimize(out.data());
    bytes += out.size();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

std::vector<std::string> texts(const std::vector<Sample>& samples, std::string Sample::*form) {
  std::vector<std::string> out;
  for (const Sample& sample : samples) out.push_back(sample.*form);
  return out;
}

void copy_memory(benchmark::State& state) {
  std::string from(1 << 26, 'x');
  std::string to(from.size(), ' ');
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), from.size());
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * from.size()));
}

// Registered benchmarks borrow the samples and engines of main().
void add(Engine& engine, const std::string& size, const Descriptor* type, const std::vector<Sample>& samples) {
  const Transcoder& transcoder = engine.transcoder(type);
  benchmark::RegisterBenchmark(("json_to_wire/" + engine.name + "/" + size).c_str(), json_to_wire,
                               std::cref(transcoder), texts(samples, &Sample::json));
  benchmark::RegisterBenchmark(("wire_to_json/" + engine.name + "/" + size).c_str(), wire_to_json,
                               std::cref(transcoder), std::cref(samples));
}

void add_forms(Engine& engine, const std::vector<Sample>& samples) {
  const Transcoder& transcoder = engine.transcoder(Order::descriptor());
  const std::pair<const char*, std::string Sample::*> forms[] = {
      {"sorted", &Sample::sorted}, {"pretty", &Sample::pretty}, {"escaped", &Sample::escaped}};
  for (const auto& [name, form] : forms) {
    benchmark::RegisterBenchmark(("json_to_wire/" + engine.name + "/order_1k_" + name).c_str(), json_to_wire,
                                 std::cref(transcoder), texts(samples, form));
  }
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  using namespace sluice;
  const google::protobuf::FileDescriptor* const files[] = {bench::Order::descriptor()->file()};
  bench::Engine engines[] = {{"direct", gateway::make_direct_engine(gateway::SchemaFiles(files))},
                             {"reference", gateway::make_reference_engine(gateway::SchemaFiles(files))}};
  const auto tiny = bench::tiny_samples();
  const auto order = bench::order_samples();
  const auto batch = bench::batch_samples();
  const auto doubles = bench::double_samples();
  const auto flat = bench::flat_samples();
  const auto deep = bench::deep_samples();
  benchmark::RegisterBenchmark("copy_memory", bench::copy_memory);
  for (bench::Engine& engine : engines) {
    bench::add(engine, "tiny", bench::Ping::descriptor(), tiny);
    bench::add(engine, "order_1k", bench::Order::descriptor(), order);
    bench::add(engine, "batch_70k", bench::Batch::descriptor(), batch);
    bench::add(engine, "doubles_16k", bench::Samples::descriptor(), doubles);
    bench::add_forms(engine, order);
  }
  bench::add(engines[0], "flat_64k", bench::Node::descriptor(), flat);
  bench::add(engines[0], "deep_64k", bench::Node::descriptor(), deep);  // too deep for json_util
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
