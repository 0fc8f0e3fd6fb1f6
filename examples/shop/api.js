// @ts-check
import express from 'express';

export const api = express.Router();

// A plain switch is the same for everybody: Evenhand adds no Vary, and a shared cache may keep it.
api.get('/delivery.json', (req, res) => {
  res.json({ freeShipping: req.isOn('free_shipping') });
});

// Evenhand adds `Vary: Cookie`, and `Cache-Control: private` because one experiment is random.
api.get('/variants.json', (req, res) => {
  res.json(req.experiments.variants());
});
