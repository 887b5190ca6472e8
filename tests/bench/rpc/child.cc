// Starts and ends the programs under measurement.
#include "tests/bench/rpc/child.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace sluice::bench {

Child::Child(std::vector<std::string> arguments) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("expected a pipe");
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    std::vector<char*> words{const_cast<char*>("bench_rpc")};
    for (std::string& each : arguments) words.push_back(each.data());
    words.push_back(nullptr);
    ::execv("/proc/self/exe", words.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  output_ = ::fdopen(ends[0], "r");
}

Child::~Child() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  std::fclose(output_);
}

double Child::next_number() {
  double number = 0;
  if (std::fscanf(output_, "%lf", &number) != 1) throw std::runtime_error("a peer ended without a result");
  return number;
}

}  // namespace sluice::bench
