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
    // The same request decides each experiment once: the page and this list can't disagree.
    variantsJson: scriptJson(experiments.variants()),
    products: priced(products, user?.locale),
  });
});

// 404 for everyone else, as if there were no such page.
pages.get('/offer', requireVariant('experiment_1', 'treatment'), (req, res) => {
  // What an experiment led to; recorded where exposures are.
  req.track('offer_opened', { products: products.length });
  res.render('page', {
    heading: 'Three for two',
    text: 'Put three tools into your basket, and the cheapest is on us. Until the end of the month.',
    experiment: 'experiment_1',
  });
});

pages.get('/gift-cards', requireOn('gift_cards'), (_req, res) => {
  res.render('page', {
    heading: 'Gift cards',
    text: 'For those who already have a level but would like another one.',
    experiment: 'gift_cards',
  });
});

// Everyone else is sent to the login page.
pages.get('/trade', requireOn('trade_prices', { redirectTo: '/login' }), ({ user }, res) => {
  const reduced = products.map((product) => ({ ...product, cents: product.cents * 0.8 }));
  res.render('page', {
    heading: 'Trade prices',
    text: 'A fifth off everything, for customers on the plans pro and team.',
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
