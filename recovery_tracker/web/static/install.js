/* Optional. How to put the diary on the home screen, in the words of this phone: on Home until it
   was read, on the page of reminders where nothing rings without it. */
(function () {
  'use strict';
  var agent = navigator.userAgent, SAID = 'diary-install-said';
  /* An iPad says that it is a Mac, but no Mac is touched. */
  var isApple = /iPhone|iPad|iPod/.test(agent) || /Macintosh/.test(agent) && navigator.maxTouchPoints > 1;
  var isInstalled = navigator.standalone || matchMedia('(display-mode: standalone)').matches;
  function stored() { try { return localStorage.getItem(SAID); } catch (error) { return null; } }
  var install = document.getElementById('install');
  if (!install || !window.isSecureContext || isInstalled) return;
  var words = install.querySelector('p'), read = install.querySelector('button');
  var isWanted = read ? !stored() : isApple && !(navigator.serviceWorker && window.PushManager && window.Notification);
  if (!isWanted || !(isApple || /Android/.test(agent))) return;
  words.textContent = isApple ? words.dataset.apple : words.dataset.android;
  install.hidden = false;
  if (read) read.onclick = function () {
    try { localStorage.setItem(SAID, '1'); } catch (error) { /* said again */ }
    install.hidden = true;
  };
})();
