// The floor's backend: answers each request with the file that belongs to its path.
//
//   floor_backend frames|http PATH=FILE...        prints its port; "http" speaks to clients, without a gateway
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <unordered_map>

#include "tests/bench/gateway/floor_frame.h"
#include "tests/bench/gateway/floor_socket.h"

namespace sluice::bench {
namespace {

using Answers = std::map<std::string, std::string, std::less<>>;

// "POST /v1/orders HTTP/1.1…" is answered with what stands under /v1/orders.
std::string_view answer_of(const Answers& answers, std::string_view request) {
  const std::size_t begin = request.find(' ') + 1;
  const auto found = answers.find(request.substr(begin, request.find(' ', begin) - begin));
  return found == answers.end() ? std::string_view("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                                : found->second;
}

class FloorBackend {
 public:
  FloorBackend(bool framed, Answers answers)
      : framed_(framed), answers_(std::move(answers)), epoll_(epoll_create1(0)), listener_(listen_and_tell()) {
    add_to(epoll_, listener_);
  }

  void run() {
    std::array<epoll_event, 256> events;
    while (true) {
      const int count = epoll_wait(epoll_, events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i) handle(events[static_cast<std::size_t>(i)].data.fd);
    }
  }

 private:
  static constexpr std::size_t kRoom = 512 * 1024;

  void handle(int fd) {
    if (fd == listener_) {
      const int accepted = accept(listener_, nullptr, nullptr);
      if (accepted < 0) return;
      add_to(epoll_, accepted);
      sockets_[accepted] = std::make_unique<FloorSocket>();
      sockets_[accepted]->fd = accepted;
      return;
    }
    FloorSocket& socket = *sockets_.at(fd);
    if (!receive(socket, kRoom)) {
      close(fd);
      sockets_.erase(fd);
      return;
    }
    std::string_view unread = socket.in;
    answer(socket, unread);
    socket.in.erase(0, socket.in.size() - unread.size());
    flush(epoll_, socket);
  }

  void answer(FloorSocket& socket, std::string_view& unread) const {
    if (framed_) {
      while (const auto frame = take_frame(unread)) {
        append_frame(socket.out, frame->connection, answer_of(answers_, frame->bytes));
      }
      return;
    }
    while (const std::size_t size = request_size(unread)) {
      socket.out.append(answer_of(answers_, unread));
      unread.remove_prefix(size);
    }
  }

  const bool framed_;
  const Answers answers_;
  const int epoll_;
  const int listener_;
  std::unordered_map<int, std::unique_ptr<FloorSocket>> sockets_;
};

Answers read_answers(int argc, char** argv) {
  Answers answers;
  for (int i = 2; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const std::size_t equals = argument.find('=');
    std::ifstream file(std::string(argument.substr(equals + 1)), std::ios::binary);
    answers[std::string(argument.substr(0, equals))].assign(std::istreambuf_iterator<char>(file), {});
  }
  return answers;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  sluice::bench::FloorBackend(std::string_view(argv[1]) == "frames", sluice::bench::read_answers(argc, argv)).run();
}
