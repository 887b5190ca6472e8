// Pieces in, pieces out.
#include "examples/files/service.h"

#include <algorithm>
#include <utility>

namespace files_example {

using files::v1::File;
using rpc::Status;
using rpc::StatusCode;
using rpc::Task;

namespace {

constexpr std::size_t kLargestFile = 256 << 20;
constexpr std::size_t kPiece = 64 << 10;

}  // namespace

Task<rpc::Result<File>> FilesHandlers::upload(rpc::ServerContext& context,
                                              rpc::Reader<files::v1::UploadRequest>& reader) {
  std::string name;
  const auto content = std::make_shared<Content>();
  while (std::optional<files::v1::UploadRequest> piece = co_await reader.read()) {
    if (name.empty()) {
      name = piece->name();
      content->type = piece->content().content_type();
    }
    content->bytes += piece->content().data();
    if (content->bytes.size() > kLargestFile) {
      co_return rpc::fail(StatusCode::ResourceExhausted,
                          "expected a file of at most " + std::to_string(kLargestFile) + " bytes");
    }
  }
  if (context.cancelled().stop_requested()) co_return rpc::fail(StatusCode::Cancelled, "the upload was broken off");
  if (name.empty()) co_return rpc::fail(StatusCode::InvalidArgument, "expected a name in the first message");
  files_[name] = content;
  co_return describe(name, *content);
}

Task<Status> FilesHandlers::download(rpc::ServerContext&, const files::v1::DownloadRequest& request,
                                     rpc::Writer<google::api::HttpBody>& writer) {
  const auto found = files_.find(request.name());
  if (found == files_.end()) co_return Status(StatusCode::NotFound, "no file " + request.name());
  const std::shared_ptr<const Content> content = found->second;
  google::api::HttpBody piece;
  piece.set_content_type(content->type);
  std::size_t at = 0;
  do {
    piece.set_data(content->bytes.substr(at, kPiece));
    at += kPiece;
    if (bool taken = co_await writer.write(piece); !taken) break;
    piece.clear_content_type();
  } while (at < content->bytes.size());
  co_return Status();
}

Task<rpc::Result<files::v1::ListFilesResponse>> FilesHandlers::list_files(rpc::ServerContext&,
                                                                          const files::v1::ListFilesRequest&) {
  files::v1::ListFilesResponse response;
  for (const auto& [name, content] : files_) *response.add_files() = describe(name, *content);
  co_return response;
}

File FilesHandlers::describe(const std::string& name, const Content& content) {
  File file;
  file.set_name(name);
  file.set_content_type(content.type);
  file.set_bytes(static_cast<std::int64_t>(content.bytes.size()));
  return file;
}

}  // namespace files_example
