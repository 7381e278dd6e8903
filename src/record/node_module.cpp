// The module that makes Node.js without proxy support of its own (before 22.21 and 24.5) use the
// recording proxy. Each host is reached through a CONNECT tunnel, also for plain http.
#include "record/client_settings.hpp"

namespace locksmith::record {

// fetch: Node keeps the class of its global dispatcher to itself, but not the object, and the
// object's constructor is the class. It takes a function that connects
// (https://undici.nodejs.org/#/docs/api/Client?id=parameter-clientoptions).
// http and https: every Agent connects by createConnection
// (https://nodejs.org/docs/latest-v20.x/api/http.html#agentcreateconnectionoptions-callback).
// Agents that override it, as those of the proxy-agent packages do, are left alone.
std::string_view node_module() {
  return R"js('use strict';
const proxy = process.env.HTTPS_PROXY && new URL(process.env.HTTPS_PROXY);
const able = process.allowedNodeEnvironmentFlags.has('--use-env-proxy');
if (proxy && proxy.hostname === '127.0.0.1' && !able) {
  const net = require('net'), tls = require('tls'), http = require('http'), https = require('https');
  const bare = (host) => String(host || 'localhost').replace(/^\[|\]$/g, '');

  // A socket to host:port through the proxy; `done(error, socket)`.
  const tunnel = (host, port, done) => {
    const socket = net.connect(Number(proxy.port), proxy.hostname);
    const name = (net.isIPv6(host) ? `[${host}]` : host) + ':' + port;
    let head = '';
    const fail = (error) => { socket.destroy(); done(error); };
    const read = (piece) => {
      head += piece.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.off('data', read).off('error', fail).off('close', cut);
      if (!/^HTTP\/1\.[01] 2/.test(head)) return fail(new Error('proxy answered ' + head.split('\r\n')[0]));
      socket.pause();
      const rest = Buffer.from(head.slice(end + 4), 'latin1');
      if (rest.length) socket.unshift(rest);
      done(null, socket);
    };
    const cut = () => fail(new Error('proxy closed the connection'));
    socket.on('error', fail).on('close', cut).on('data', read);
    socket.write(`CONNECT ${name} HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
  };

  const connect = (secure, options, done) => {
    const host = bare(options.hostname || options.host), port = options.port || (secure ? 443 : 80);
    tunnel(host, port, (error, socket) => {
      if (error || !secure) return done(error, socket);
      const servername = options.servername || (net.isIP(host) ? '' : host);
      const over = tls.connect({ ...options, socket, host, servername, path: undefined, ALPNProtocols: ['http/1.1'] });
      const fail = (reason) => done(reason);
      over.once('error', fail).once('secureConnect', () => { over.off('error', fail); done(null, over); });
    });
  };

  const patch = (Agent, secure) => {
    const direct = Agent.prototype.createConnection;
    Agent.prototype.createConnection = function (options, done) {
      const own = bare(options.host) === proxy.hostname && String(options.port) === proxy.port;
      if (own || options.socketPath || typeof done !== 'function') return direct.apply(this, arguments);
      connect(secure, options, (error, socket) => { done(error, socket); if (socket) socket.resume(); });
    };
  };
  patch(http.Agent, false);
  patch(https.Agent, true);

  const fetch = globalThis.fetch, key = Symbol.for('undici.globalDispatcher.1');
  let dispatcher;
  if (fetch) {
    globalThis.fetch = function () {
      void globalThis.Headers;  // loads what sets the dispatcher
      const Agent = globalThis[key] && globalThis[key].constructor;
      // A program that has set a dispatcher of its own keeps it.
      if (Agent && Agent.name === 'Agent' && !dispatcher) {
        globalThis[key] = dispatcher = new Agent({
          connect: (options, done) => {
            connect(options.protocol === 'https:', { ...options, ca: undefined }, (error, socket) => {
              if (socket) socket.setNoDelay(true);
              done(error, socket || null);
            });
          },
        });
      }
      return fetch.apply(this, arguments);
    };
  }
}
)js";
}

}  // namespace locksmith::record
