// By stat: it sees what inotify cannot, such as files on NFS or behind a link in another folder.
#include "gateway/file_states.h"

#include <sys/stat.h>

namespace sluice::gateway {
namespace {

std::string state_of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return "missing";
  std::string state;
  for (const auto part : {static_cast<long long>(found.st_dev), static_cast<long long>(found.st_ino),
                          static_cast<long long>(found.st_size), static_cast<long long>(found.st_mtim.tv_sec),
                          static_cast<long long>(found.st_mtim.tv_nsec)}) {
    state += std::to_string(part) + " ";
  }
  return state;
}

}  // namespace

FileStates file_states(const std::vector<std::string>& paths) {
  FileStates states;
  for (const std::string& path : paths) states[path] = state_of(path);
  return states;
}

std::vector<std::string> changed_files(const FileStates& before, const FileStates& now) {
  std::vector<std::string> changed;
  for (const auto& [path, state] : now) {
    const auto found = before.find(path);
    if (found != before.end() && found->second != state) changed.push_back(path);
  }
  return changed;
}

}  // namespace sluice::gateway
