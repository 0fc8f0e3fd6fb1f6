// Evenhand in CommonJS: each page exists only while its switch is on; otherwise Express answers 404.
const express = require('express');
const { evenhand, requireOn } = require('evenhand');

const app = express();
app.use(evenhand({ source: ['new_page:on', 'old_page:off'] }));
app.get('/new', requireOn('new_page'), (req, res) => res.send('the new page\n'));
app.get('/old', requireOn('old_page'), (req, res) => res.send('the old page\n'));

const server = app.listen(process.env.PORT ?? 3000, () => {
  console.log(`http://localhost:${server.address().port}`);
});
