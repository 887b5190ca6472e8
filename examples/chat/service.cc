// Rooms, guests, and the messages between them.
#include "examples/chat/service.h"

#include <utility>

#include "examples/chat/page.h"
#include "rpc_core/base/task_group.h"

namespace chat_example {

using chat::v1::Message;
using rpc::Status;
using rpc::StatusCode;
using rpc::Task;

namespace {

constexpr std::size_t kMostUnread = 100;

}  // namespace

class ChatHandlers::Guest {
 public:
  Guest(ChatHandlers& house, std::string room, rpc::Loop& loop)
      : house_(house), room_(std::move(room)), changed_(loop) {
    house_.rooms_[room_].insert(this);
  }
  ~Guest() {
    const auto room = house_.rooms_.find(room_);
    room->second.erase(this);
    if (room->second.empty()) house_.rooms_.erase(room);
  }
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;

  void hear(const Message& message) {
    if (unread_.size() == kMostUnread) unread_.pop_front();
    unread_.push_back(message);
    changed_.notify();
  }
  void leave() {
    left_ = true;
    changed_.notify();
  }

  // Writes what the guest hears until it leaves.
  Task<void> pass_on(rpc::Writer<Message>& writer) {
    while (true) {
      while (unread_.empty() && !left_) {
        if (bool changed = co_await changed_.wait(); !changed) co_return;
      }
      if (unread_.empty()) co_return;
      const Message message = std::move(unread_.front());
      unread_.pop_front();
      if (bool taken = co_await writer.write(message); !taken) co_return;
    }
  }

 private:
  ChatHandlers& house_;
  const std::string room_;
  std::deque<Message> unread_;
  rpc::Waiter changed_;
  bool left_ = false;
};

Task<Status> ChatHandlers::talk(rpc::ServerContext& context, rpc::Reader<Message>& reader,
                                rpc::Writer<Message>& writer) {
  std::optional<Message> message = co_await reader.read();
  if (!message) co_return Status();
  const std::string room = message->room();
  const std::string name = message->guest();
  if (room.empty() || name.empty()) {
    co_return Status(StatusCode::InvalidArgument, "expected a room and a guest in the first message");
  }
  Guest guest(*this, room, context.loop());
  const auto both = [&](rpc::TaskGroup& group) -> Task<void> {
    group.spawn(guest.pass_on(writer));
    while (message) {
      message->set_room(room);
      message->set_guest(name);
      if (!message->text().empty()) say(*message);
      message = co_await reader.read();
    }
    guest.leave();
  };
  co_await rpc::run_in_group(context.loop(), both);
  co_return Status();
}

Task<Status> ChatHandlers::listen(rpc::ServerContext& context, const chat::v1::ListenRequest& request,
                                  rpc::Writer<Message>& writer) {
  Guest guest(*this, request.room(), context.loop());
  co_await guest.pass_on(writer);
  co_return Status();
}

Task<rpc::Result<google::api::HttpBody>> ChatHandlers::show_page(rpc::ServerContext&,
                                                                 const chat::v1::ShowPageRequest&) {
  google::api::HttpBody page;
  page.set_content_type("text/html; charset=utf-8");
  page.set_data(std::string(kPage));
  co_return page;
}

Task<rpc::Result<chat::v1::ListRoomsResponse>> ChatHandlers::list_rooms(rpc::ServerContext&,
                                                                        const chat::v1::ListRoomsRequest&) {
  chat::v1::ListRoomsResponse response;
  for (const auto& [name, guests] : rooms_) {
    auto& room = *response.add_rooms();
    room.set_name(name);
    room.set_guests(static_cast<int>(guests.size()));
  }
  co_return response;
}

void ChatHandlers::say(const Message& message) {
  for (Guest* guest : rooms_[message.room()]) guest->hear(message);
}

}  // namespace chat_example
