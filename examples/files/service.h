// FilesHandlers: the files.v1.Files service, with the files in memory.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "files.sluice.h"

namespace files_example {

namespace rpc = sluice::rpc;

// Belongs to one loop. A file that is being written appears when it is complete; one that is being read stays as it
// was.
class FilesHandlers final : public files::v1::FilesService {
 public:
  rpc::Task<rpc::Result<files::v1::File>> upload(rpc::ServerContext& context,
                                                 rpc::Reader<files::v1::UploadRequest>& reader) override;
  rpc::Task<rpc::Status> download(rpc::ServerContext& context, const files::v1::DownloadRequest& request,
                                  rpc::Writer<google::api::HttpBody>& writer) override;
  rpc::Task<rpc::Result<files::v1::ListFilesResponse>> list_files(rpc::ServerContext& context,
                                                                  const files::v1::ListFilesRequest& request) override;

 private:
  struct Content {
    std::string type;
    std::string bytes;
  };

  static files::v1::File describe(const std::string& name, const Content& content);

  // Shared with the downloads that run.
  std::map<std::string, std::shared_ptr<const Content>> files_;
};

}  // namespace files_example
