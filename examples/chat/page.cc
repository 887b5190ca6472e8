// HTML and the script that opens the WebSocket.
#include "examples/chat/page.h"

namespace chat_example {

constexpr std::string_view kPage = R"html(<!doctype html>
<meta charset="utf-8">
<title>Chat</title>
<style>
  body { font: 16px sans-serif; max-width: 40em; margin: 2em auto; }
  #said { border: 1px solid #ccc; height: 20em; overflow-y: auto; padding: .5em; }
  form { display: flex; gap: .5em; margin-top: .5em; }
  #text { flex: 1; }
</style>
<h1>Chat</h1>
<div id="said"></div>
<form id="enter">
  <input id="room" placeholder="room" value="lobby">
  <input id="guest" placeholder="your name">
  <button>Enter</button>
</form>
<form id="talk" hidden>
  <input id="text" autocomplete="off" placeholder="say something">
  <button>Say</button>
  <button type="button" id="leave">Leave</button>
</form>
<script>
  const field = id => document.getElementById(id);
  let socket;
  function show(line) {
    const row = field('said').appendChild(document.createElement('div'));
    row.textContent = line;
    row.scrollIntoView();
  }
  function inside(yes) {
    field('enter').hidden = yes;
    field('talk').hidden = !yes;
  }
  field('enter').onsubmit = event => {
    event.preventDefault();
    const room = encodeURIComponent(field('room').value);
    socket = new WebSocket(location.origin.replace(/^http/, 'ws') + `/v1/rooms/${room}:talk`);
    socket.onopen = () => {
      socket.send(JSON.stringify({guest: field('guest').value}));
      inside(true);
    };
    socket.onmessage = ({data}) => {
      const message = JSON.parse(data);
      show(message.error ? `error: ${message.error.message}` : `${message.guest}: ${message.text}`);
    };
    socket.onclose = ({code, reason}) => {
      show(`(left: ${code} ${reason})`);
      inside(false);
    };
  };
  field('talk').onsubmit = event => {
    event.preventDefault();
    socket.send(JSON.stringify({text: field('text').value}));
    field('text').value = '';
  };
  field('leave').onclick = () => socket.send('');  // the half-close: the call ends well
</script>
)html";

}  // namespace chat_example
