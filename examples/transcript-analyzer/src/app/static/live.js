// The part of Socket.IO (protocol 5, over Engine.IO 4) that this page needs, on one WebSocket.
// Engine.IO packets: 0 open, 2 ping, 3 pong, 4 message. Messages: 0 connect, 2 event, 4 refused.

const AGAIN = 5000; // ms until the next attempt

export class Live {
  #socket = null;
  #ready = false;
  #silence = 0;

  constructor({ onEvent, onLink }) {
    this.onEvent = onEvent;
    this.onLink = onLink;
    this.#open();
  }

  get connected() {
    return this.#ready;
  }

  send(name, data) {
    if (this.#ready) this.#socket.send("42" + JSON.stringify([name, data]));
  }

  #open() {
    const url = new URL("/socket.io/?EIO=4&transport=websocket", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    let patience = 30000; // until the server has said how long it may be silent
    const wait = () => {
      clearTimeout(this.#silence);
      this.#silence = setTimeout(() => socket.close(), patience);
    };
    this.#socket = socket;
    wait();
    socket.onmessage = ({ data }) => {
      if (data[0] === "0") {
        const said = JSON.parse(data.slice(1));
        patience = said.pingInterval + said.pingTimeout;
        socket.send("40");
      } else if (data === "2") {
        socket.send("3");
      } else if (data.startsWith("40")) {
        this.#link(true);
      } else if (data.startsWith("42")) {
        this.onEvent(...JSON.parse(data.slice(2)));
      } else if (data === "1" || data.startsWith("41") || data.startsWith("44")) {
        socket.close();
      }
      wait();
    };
    socket.onclose = () => {
      clearTimeout(this.#silence);
      this.#link(false);
      setTimeout(() => this.#open(), AGAIN);
    };
  }

  #link(up) {
    this.#ready = up;
    this.onLink(up);
  }
}
