// What tells that a file has changed, without reading it.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace sluice::gateway {

// By path: another state, another file. Links are followed, since ConfigMaps are replaced by moving one; a file that is
// missing has a state, too.
using FileStates = std::map<std::string, std::string>;

FileStates file_states(const std::vector<std::string>& paths);

// The paths that both have and whose states differ.
std::vector<std::string> changed_files(const FileStates& before, const FileStates& now);

}  // namespace sluice::gateway
