//! The order of tracks in a channel, improved by taking each out and putting it in where it
//! crosses least.

/// Far above any number of crossings.
pub const FORBIDDEN: i32 = 1 << 20;

/// Beyond this many tracks in one gap nobody counts crossings, and the search would take long.
const SEARCH_LIMIT: usize = 300;

/// `cost(a, b)` is the price of `a` left of `b`. An order without a forbidden pair stays so.
pub fn improve(mut order: Vec<usize>, cost: &dyn Fn(usize, usize) -> i32) -> Vec<usize> {
    if order.len() > SEARCH_LIMIT {
        return order;
    }
    for _ in 0..16 {
        let mut better = false;
        for id in 0..order.len() {
            better |= reinsert(&mut order, id, cost);
        }
        if !better {
            break;
        }
    }
    order
}

fn reinsert(order: &mut Vec<usize>, id: usize, cost: &dyn Fn(usize, usize) -> i32) -> bool {
    let Some(old) = order.iter().position(|&other| other == id) else {
        return false;
    };
    order.remove(old);
    let mut price: i32 = order.iter().map(|&other| cost(id, other)).sum();
    let mut prices = vec![price];
    for &other in order.iter() {
        price += cost(other, id) - cost(id, other);
        prices.push(price);
    }
    let best = (0..prices.len()).min_by_key(|&place| (prices[place], place != old)).unwrap_or(old);
    order.insert(best, id);
    prices[best] < prices[old]
}
