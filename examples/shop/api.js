// @ts-check
import express from 'express';

export const api = express.Router();

// A switch without audiences is the same for everyone: no Vary, so shared caches may keep the answer.
api.get('/delivery.json', (req, res) => {
  res.json({ freeShipping: req.isOn('free_shipping') });
});

// Evenhand adds `Vary: Cookie`, and `Cache-Control: private` because one experiment is random.
api.get('/variants.json', (req, res) => {
  res.json(req.experiments.variants());
});
