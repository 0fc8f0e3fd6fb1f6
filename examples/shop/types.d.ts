import type { DemoUser } from './users.js';

declare global {
  namespace Express {
    interface Request {
      /** The logged-in user. `readUser` in login.js sets it, as Passport does. */
      user?: DemoUser;
    }
  }
}
