// @ts-check
import express from 'express';
import { requireOn, requireVariant } from 'evenhand';
import { scriptJson } from 'evenhand/views';
import { formatPrice, products } from './products.js';

export const pages = express.Router();

pages.get('/', ({ experiments, user }, res) => {
  res.render('home', {
    headline: experiments.value('hero_headline'),
    tip: experiments.value('daily_tip'),
    // A request decides each experiment once, so the page and this list always agree.
    variantsJson: scriptJson(experiments.variants()),
    products: priced(products, user?.locale),
  });
});

// Everyone else gets 404, as for a page that does not exist.
pages.get('/offer', requireVariant('experiment_1', 'treatment'), (req, res) => {
  // An outcome. It goes to the same sink as the exposures.
  req.track('offer_opened', { products: products.length });
  res.render('page', {
    heading: 'Three for two',
    text: 'Put three tools in your basket and the cheapest one is free, until the end of the month.',
    experiment: 'experiment_1',
  });
});

pages.get('/gift-cards', requireOn('gift_cards'), (_req, res) => {
  res.render('page', {
    heading: 'Gift cards',
    text: 'The right present for someone who already has a spirit level.',
    experiment: 'gift_cards',
  });
});

// Everyone else is sent to the login page.
pages.get('/trade', requireOn('trade_prices', { redirectTo: '/login' }), ({ user }, res) => {
  const reduced = products.map((product) => ({ ...product, cents: product.cents * 0.8 }));
  res.render('page', {
    heading: 'Trade prices',
    text: '20% off everything for customers on the pro and team plans.',
    experiment: 'trade_prices',
    products: priced(reduced, user?.locale),
  });
});

/**
 * @param {typeof products} list
 * @param {string} [locale]
 */
function priced(list, locale) {
  return list.map((product) => ({ ...product, price: formatPrice(product.cents, locale) }));
}
