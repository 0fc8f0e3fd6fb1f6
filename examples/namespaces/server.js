// @ts-check
// A button and three experiments that share its users: open http://localhost:3000/?user=1, 2, 3 …
import express from 'express';
import { evenhand } from 'evenhand';

const app = express();
app.use(
  evenhand({
    source: new URL('experiments.config.json', import.meta.url),
    // This demo reads the user id from the URL; in your application Evenhand reads `req.user`.
    contextProvider: (req) => ({
      user: { id: req.query['user'] ?? 'nobody' },
      locale: req.query['locale'] ?? 'en',
    }),
    vary: false, // The user id is in the URL, so responses don't depend on a header.
  }),
);

app.get('/', (req, res) => {
  const checkout = req.namespace('checkout');
  const text = checkout.get('button_text', 'Buy');
  // These texts come from the file. Escape them if a script builds texts from its inputs.
  res.send(`<button style="color: ${checkout.get('button_color', 'gray')}">${text}</button>\n`);
});

// Shows the user's segment, experiment and salt, and the parameters.
app.get('/why', (req, res) => {
  const checkout = req.namespace('checkout');
  res.json({ ...checkout.explain(), params: checkout.getParams() });
});

const server = app.listen(process.env['PORT'] ?? 3000, () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  console.log(`http://localhost:${port}`);
});
