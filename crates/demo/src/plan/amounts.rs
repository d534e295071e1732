//! How an amount of money is parted among households, to the fen and within what each may get.

use bangfu_domain::money::Fen;

use super::random::Random;

/// Amounts are in tens of yuan where that comes out, as people write them.
const STEP: i64 = 1_000;

/// Parts an amount: every household gets something and none more than its cap. `None` where that is impossible.
pub fn part(total: Fen, caps: &[Fen], random: &mut Random) -> Option<Vec<Fen>> {
    let heads = i64::try_from(caps.len()).ok()?;
    let room: i64 = caps.iter().try_fold(0_i64, |sum, cap| sum.checked_add(cap.get()))?;
    if total.get() < heads || total.get() > room || caps.iter().any(|cap| cap.get() < 1) {
        return None;
    }
    if heads == 0 {
        return Some(Vec::new());
    }
    let weights: Vec<i64> = caps.iter().map(|_| random.between(50, 150)).collect();
    let weight: i64 = weights.iter().sum();
    let mut parts: Vec<i64> = caps
        .iter()
        .zip(&weights)
        .map(|(cap, own)| {
            let share = i128::from(total.get()) * i128::from(*own) / i128::from(weight);
            let share = i64::try_from(share).unwrap_or(i64::MAX);
            let round = share - share % STEP;
            (if round > 0 { round } else { share }).clamp(1, cap.get())
        })
        .collect();
    settle(&mut parts, caps, total.get());
    parts.into_iter().map(Fen::new).collect::<Result<_, _>>().ok()
}

/// Moves the parts until they are the total: what is missing goes to those with room, what is too much comes
/// from those who have more than the least.
fn settle(parts: &mut [i64], caps: &[Fen], total: i64) {
    loop {
        let missing = total - parts.iter().sum::<i64>();
        if missing == 0 {
            return;
        }
        let can_move = |part: i64, cap: &Fen| if missing > 0 { cap.get() - part } else { 1 - part };
        let able = parts.iter().zip(caps).filter(|(part, cap)| can_move(**part, cap) != 0).count();
        let Ok(able) = i64::try_from(able) else { return };
        if able == 0 {
            return;
        }
        let each = missing / able;
        let mut left = missing;
        for (part, cap) in parts.iter_mut().zip(caps) {
            let may = can_move(*part, cap);
            let step = if each == 0 { missing.signum() } else { each };
            let step = if missing > 0 { step.min(may).min(left) } else { step.max(may).max(left) };
            *part += step;
            left -= step;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fen(amount: i64) -> Fen {
        Fen::new(amount).unwrap()
    }

    proptest! {
        #[test]
        fn what_can_be_parted_is_parted_exactly(
            caps in proptest::collection::vec(1_i64..900_000, 1..60),
            part_of in 0_i64..=1_000,
            seed in any::<u64>(),
        ) {
            let heads = i64::try_from(caps.len()).unwrap();
            let room: i64 = caps.iter().sum();
            let total = heads + (room - heads) * part_of / 1_000;
            let caps: Vec<Fen> = caps.into_iter().map(fen).collect();
            let parts = part(fen(total), &caps, &mut Random::of(seed, 0, 0)).unwrap();
            prop_assert_eq!(parts.iter().map(|it| it.get()).sum::<i64>(), total);
            prop_assert!(parts.iter().zip(&caps).all(|(it, cap)| it.get() >= 1 && it <= cap));
        }
    }

    #[test]
    fn what_cannot_be_parted_is_not() {
        let mut random = Random::of(1, 0, 0);
        assert_eq!(part(fen(301), &[fen(100), fen(200)], &mut random), None);
        assert_eq!(part(fen(1), &[fen(100), fen(200)], &mut random), None);
        assert_eq!(part(fen(0), &[], &mut random), Some(Vec::new()));
    }
}
