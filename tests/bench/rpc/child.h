// Child: this program again, with other arguments, and the numbers that it prints.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <vector>

namespace sluice::bench {

// Killed at the end.
class Child {
 public:
  explicit Child(std::vector<std::string> arguments);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t process() const { return process_; }
  double next_number();

 private:
  pid_t process_ = 0;
  std::FILE* output_ = nullptr;
};

}  // namespace sluice::bench
