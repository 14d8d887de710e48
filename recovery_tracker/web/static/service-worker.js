/* Without a signal: the form of a day, the page of help, and what they need to look right.
   Everything else always comes from the network. Nothing that was answered is kept here. */
'use strict';
var SHELF = 'diary-1';

self.addEventListener('install', function () { self.skipWaiting(); });
self.addEventListener('activate', function (event) { event.waitUntil(self.clients.claim()); });

function kept(request) {
  return caches.open(SHELF).then(function (shelf) { return shelf.match(request); });
}

/* A page that cannot be reached: the blank form for the diary, the page of help for the rest. */
function instead(address) {
  var diary = address.pathname.match(/^\/p\/[^/]+\//);
  var form = diary ? kept(diary[0] + 'offline') : Promise.resolve();
  return form.then(function (found) { return found || kept('/help'); })
    .then(function (found) { return found || Response.error(); });
}

self.addEventListener('fetch', function (event) {
  var request = event.request, address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(function () { return instead(address); }));
  } else if (address.pathname.startsWith('/static/')) {
    event.respondWith(kept(request).then(function (found) { return found || fetch(request); }));
  }
});

/* A reminder: the words come encrypted, in the language of the diary. A second one takes the place
   of the first. */
self.addEventListener('push', function (event) {
  var told = event.data ? event.data.json() : {};
  event.waitUntil(self.registration.showNotification(told.title || '', {
    tag: 'diary', icon: '/static/icon-192.png', data: told.url || '/'
  }));
});
self.addEventListener('notificationclick', function (event) {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data));
});
