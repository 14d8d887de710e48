/* Optional. The diary on the home screen of a phone, and reminders that ring there. */
(function () {
  'use strict';
  var agent = navigator.userAgent, SAID = 'diary-install-said';
  /* An iPad says that it is a Mac, but no Mac is touched. */
  var isApple = /iPhone|iPad|iPod/.test(agent) || /Macintosh/.test(agent) && navigator.maxTouchPoints > 1;
  var isInstalled = navigator.standalone || matchMedia('(display-mode: standalone)').matches;
  var canRing = !!(window.isSecureContext && navigator.serviceWorker && window.PushManager && window.Notification);
  function stored() { try { return localStorage.getItem(SAID); } catch (error) { return null; } }

  /* How to put the diary on the home screen, in the words of this phone: on Home until it was read,
     on the page of reminders where nothing rings without it. */
  var install = document.getElementById('install');
  if (install && window.isSecureContext && !isInstalled) {
    var words = install.querySelector('p'), read = install.querySelector('button');
    var isWanted = read ? !stored() : isApple && !canRing;
    if (isWanted && (isApple || /Android/.test(agent))) {
      words.textContent = isApple ? words.dataset.apple : words.dataset.android;
      install.hidden = false;
      if (read) read.onclick = function () {
        try { localStorage.setItem(SAID, '1'); } catch (error) { /* said again */ }
        install.hidden = true;
      };
    }
  }

  var box = document.getElementById('ring');
  var on = document.getElementById('ring-on');
  if (!on || !canRing) return;
  var form = on.form, refused = document.getElementById('ring-refused');
  function bytes(text) {
    return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), function (sign) {
      return sign.charCodeAt(0);
    });
  }
  function tell(name, value) {
    var field = document.createElement('input');
    field.type = 'hidden';
    field.name = name;
    field.value = value;
    form.append(field);
  }
  function subscription(registration) { return registration.pushManager.getSubscription(); }
  function subscribe(registration) {
    /* One that was made for another key, or that the diary no longer knows, must go first. */
    return subscription(registration).then(function (old) { return old && old.unsubscribe(); })
      .then(function () {
        return registration.pushManager.subscribe({
          userVisibleOnly: true, applicationServerKey: bytes(box.dataset.key)
        });
      });
  }
  box.hidden = false;
  navigator.serviceWorker.register('/service-worker.js').then(function () {
    return navigator.serviceWorker.ready;
  }).then(function (registration) {
    on.onclick = function () {
      refused.hidden = true;
      on.disabled = true;
      Notification.requestPermission().then(function (said) {
        if (said !== 'granted') throw new Error(said);
        return subscribe(registration);
      }).then(function (made) {
        var told = made.toJSON();
        tell('what', 'ring');
        tell('endpoint', told.endpoint);
        tell('p256dh', told.keys.p256dh);
        tell('auth', told.keys.auth);
        form.submit();
      }).catch(function () { on.disabled = false; refused.hidden = false; refused.focus(); });
    };
    return subscription(registration);
  }).then(function (known) {
    on.hidden = !!known && box.dataset.here.split(' ').indexOf(known.endpoint) > -1;
  }).catch(function () { box.hidden = !box.dataset.here; });
})();
