// Who sees which button: try http://localhost:3000/?user=1 and ?user=6.
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
// The address says who the user is; in your application `req.user` does, without this option.
const contextProvider = (req) => ({ user: { id: req.query.user ?? 'nobody' } });
app.use(evenhand({ source: experiments, contextProvider }));
app.get('/', (req, res) => {
  res.send(req.isVariant('button_color', 'green') ? 'a green button\n' : 'a blue button\n');
});

const server = app.listen(process.env.PORT ?? 3000, () => {
  console.log(`http://localhost:${server.address().port}`);
});
