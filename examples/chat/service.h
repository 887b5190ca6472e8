// ChatHandlers: the chat.v1.Chat service.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>

#include "chat.sluice.h"
#include "rpc_core/base/waiter.h"

namespace chat_example {

namespace rpc = sluice::rpc;

// Belongs to one loop.
class ChatHandlers final : public chat::v1::ChatService {
 public:
  rpc::Task<rpc::Status> talk(rpc::ServerContext& context, rpc::Reader<chat::v1::Message>& reader,
                              rpc::Writer<chat::v1::Message>& writer) override;
  rpc::Task<rpc::Status> listen(rpc::ServerContext& context, const chat::v1::ListenRequest& request,
                                rpc::Writer<chat::v1::Message>& writer) override;
  rpc::Task<rpc::Result<google::api::HttpBody>> show_page(rpc::ServerContext& context,
                                                          const chat::v1::ShowPageRequest& request) override;
  rpc::Task<rpc::Result<chat::v1::ListRoomsResponse>> list_rooms(rpc::ServerContext& context,
                                                                 const chat::v1::ListRoomsRequest& request) override;

 private:
  // One who is in a room, with what is still to be read. A guest that reads too slowly loses the oldest.
  class Guest;
  using Room = std::set<Guest*>;

  void say(const chat::v1::Message& message);

  std::map<std::string, Room> rooms_;
};

}  // namespace chat_example
