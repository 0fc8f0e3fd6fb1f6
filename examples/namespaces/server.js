// @ts-check
// A button over three experiments that share its users: http://localhost:3000/?user=1, 2, 3 …
import express from 'express';
import { evenhand } from 'evenhand';

const app = express();
app.use(
  evenhand({
    source: new URL('experiments.config.json', import.meta.url),
    // The address says who the user is; in your application `req.user` does.
    contextProvider: (req) => ({
      user: { id: req.query['user'] ?? 'nobody' },
      locale: req.query['locale'] ?? 'en',
    }),
    vary: false, // No header says who it is.
  }),
);

app.get('/', (req, res) => {
  const checkout = req.namespace('checkout');
  const text = checkout.get('button_text', 'Buy');
  // The texts are the file's own; what a script makes of its inputs would have to be escaped.
  res.send(`<button style="color: ${checkout.get('button_color', 'gray')}">${text}</button>\n`);
});

// Segment, experiment and salt, and what the experiment has drawn.
app.get('/why', (req, res) => {
  const checkout = req.namespace('checkout');
  res.json({ ...checkout.explain(), params: checkout.getParams() });
});

const server = app.listen(process.env['PORT'] ?? 3000, () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  console.log(`http://localhost:${port}`);
});
