import type { DemoUser } from './users.js';

declare global {
  namespace Express {
    interface Request {
      /** Who is logged in; set by `readUser` in login.js, as passport would. */
      user?: DemoUser;
    }
  }
}
