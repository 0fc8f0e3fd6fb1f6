// One experiment, one page: open http://localhost:3000/?user=1 and ?user=6 to see both buttons.
import express from 'express';
import { evenhand } from 'evenhand';

const experiments = [
  {
    name: 'button_color',
    identity: 'user.id',
    variants: [{ name: 'blue' }, { name: 'green' }],
    audiences: [
      {
        allocations: [
          { variant: 'blue', percent: 50 },
          { variant: 'green', percent: 50 },
        ],
      },
    ],
  },
];

const app = express();
// This demo reads the user id from the URL. In your application Evenhand reads `req.user`; leave
// out this option.
const contextProvider = (req) => ({ user: { id: req.query.user ?? 'nobody' } });
app.use(evenhand({ source: experiments, contextProvider }));
app.get('/', (req, res) => {
  res.send(req.isVariant('button_color', 'green') ? 'a green button\n' : 'a blue button\n');
});

const server = app.listen(process.env.PORT ?? 3000, () => {
  console.log(`http://localhost:${server.address().port}`);
});
