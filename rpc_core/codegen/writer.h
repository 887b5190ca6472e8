// The text of generated code.
#pragma once

#include <string>

#include "rpc_core/codegen/model.h"

namespace sluice::rpc::codegen {

std::string header_text(const FileModel& file);  // STEM.sluice.h
std::string source_text(const FileModel& file);  // STEM.sluice.cc

}  // namespace sluice::rpc::codegen
