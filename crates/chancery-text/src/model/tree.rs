//! From scores to a tree: the best head of each token where these make a tree, Chu-Liu and Edmonds where they do not.
//!
//! # Invariants
//! - Exactly one token hangs from the root, every token reaches it, whatever the scores are (NaN included).

/// Buffers of [`decode`].
#[derive(Debug, Default)]
pub struct TreeScratch {
    scores: Vec<f32>,
    from: Vec<u16>,
    to: Vec<u16>,
    members: Vec<Vec<u16>>,
    alive: Vec<bool>,
    parents: Vec<u16>,
    marks: Vec<u16>,
    edges: Vec<u16>,
    best: Vec<u16>,
}

/// "No head yet" among the edges.
const NONE: u16 = u16::MAX;
/// How many tokens are tried as the root where the best heads name several.
const ROOTS_TRIED_MAX: usize = 4;

/// Fills `heads` (0 is the root, 1 the first token) for the tokens of a sentence.
///
/// `scores[(token - 1) * stride + head]` says how well `head` suits `token`; there are `heads.len() + 1` heads a token.
pub fn decode(scores: &[f32], stride: usize, heads: &mut [u16], scratch: &mut TreeScratch) {
    let n = heads.len();
    for (at, best) in heads.iter_mut().enumerate() {
        let row = &scores[at * stride..];
        let mut most = row[0];
        *best = 0;
        for head in (1..=at).chain(at + 2..=n) {
            if row[head] > most {
                most = row[head];
                *best = head as u16;
            }
        }
    }
    into_tree(scores, stride, heads, scratch);
}

/// Turns each token's best head into a tree: the heads themselves where they are one, else the best tree by the scores.
pub fn into_tree(scores: &[f32], stride: usize, heads: &mut [u16], scratch: &mut TreeScratch) {
    match heads {
        [] => {}
        [only] => *only = 0,
        _ => {
            let roots = heads.iter().filter(|head| **head == 0).count();
            if roots != 1 || !is_tree(heads, &mut scratch.marks) {
                exact(scores, stride, heads, scratch);
            }
        }
    }
}

/// Whether every token reaches the root.
fn is_tree(heads: &[u16], marks: &mut Vec<u16>) -> bool {
    marks.clear();
    marks.resize(heads.len() + 1, 0);
    for token in 1..=heads.len() {
        let mut at = token;
        while at != 0 && marks[at] == 0 {
            marks[at] = token as u16;
            at = heads[at - 1] as usize;
        }
        if at != 0 && marks[at] == token as u16 {
            return false;
        }
    }
    true
}

/// The best tree with one root, among those that hang from the likeliest few tokens.
fn exact(scores: &[f32], stride: usize, heads: &mut [u16], scratch: &mut TreeScratch) {
    let n = heads.len();
    // How much each token loses when it is not the root.
    let mut candidates = [(f32::NEG_INFINITY, 0u16); ROOTS_TRIED_MAX];
    for token in 1..=n {
        let row = &scores[(token - 1) * stride..][..=n];
        let other = (1..=n).filter(|head| *head != token).map(|head| row[head]).fold(f32::NEG_INFINITY, f32::max);
        let gain = row[0] - other;
        if gain > candidates[ROOTS_TRIED_MAX - 1].0 || candidates[0].1 == 0 {
            candidates[ROOTS_TRIED_MAX - 1] = (gain, token as u16);
            candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
        }
    }
    // No tree is better than every token's best head that is not the root, and what the root token gains.
    let bound: f32 = (1..=n)
        .map(|token| {
            let row = &scores[(token - 1) * stride..][..=n];
            (1..=n).filter(|head| *head != token).map(|head| row[head]).fold(f32::NEG_INFINITY, f32::max)
        })
        .sum();
    let mut best_total = f32::NEG_INFINITY;
    let mut found = false;
    for (gain, root) in candidates.iter().filter(|(_, root)| *root != 0) {
        if found && bound + gain <= best_total {
            break;
        }
        spanning(scores, stride, n, *root, scratch);
        let total: f32 = (1..=n).map(|token| scores[(token - 1) * stride + scratch.edges[token] as usize]).sum();
        if !found || total > best_total {
            found = true;
            best_total = total;
            scratch.best.clear();
            scratch.best.extend_from_slice(&scratch.edges[1..]);
        }
    }
    if found {
        heads.copy_from_slice(&scratch.best);
    }
    if !found || heads.iter().filter(|head| **head == 0).count() != 1 || !is_tree(heads, &mut scratch.marks) {
        // Scores that are not numbers: a chain is a tree.
        for (token, head) in heads.iter_mut().enumerate() {
            *head = token as u16;
        }
    }
}

/// Chu-Liu and Edmonds with `root` as the only token below the root; leaves the heads in `scratch.edges[1..=n]`.
fn spanning(scores: &[f32], stride: usize, n: usize, root: u16, scratch: &mut TreeScratch) {
    let size = n + 1;
    let TreeScratch { scores: w, from, to, members, alive, parents, marks, edges, .. } = scratch;
    // `w[head * size + token]`, and which edge of the sentence each stands for once cycles are one node.
    w.clear();
    w.resize(size * size, f32::NEG_INFINITY);
    from.clear();
    to.clear();
    for head in 0..size {
        for token in 0..size {
            from.push(head as u16);
            to.push(token as u16);
            if token != 0 && head != token {
                // The root's only edge goes to `root`, and no other edge does.
                let barred = (head == 0) != (token == root as usize);
                w[head * size + token] = if barred { -1e33 } else { scores[(token - 1) * stride + head].max(-1e30) };
            }
        }
    }
    alive.clear();
    alive.resize(size, true);
    if members.len() < size {
        members.resize_with(size, Vec::new);
    }
    for (node, list) in members.iter_mut().enumerate().take(size) {
        list.clear();
        list.push(node as u16);
    }
    edges.clear();
    edges.resize(size, NONE);
    // Contract cycles until there is none.
    let mut levels: Vec<Level> = Vec::new();
    loop {
        parents.clear();
        parents.resize(size, 0);
        for token in (1..size).filter(|token| alive[*token]) {
            let mut best = 0;
            for head in (1..size).filter(|head| alive[*head] && *head != token) {
                if w[head * size + token] > w[best * size + token] {
                    best = head;
                }
            }
            parents[token] = best as u16;
        }
        let Some(cycle) = find_cycle(parents, alive, marks) else { break };
        let weight: f32 = cycle.iter().map(|node| w[parents[*node as usize] as usize * size + *node as usize]).sum();
        let name = cycle[0] as usize;
        for node in 0..size {
            if !alive[node] || cycle.contains(&(node as u16)) {
                continue;
            }
            let (mut leaving, mut leaving_at) = (f32::NEG_INFINITY, name);
            let (mut entering, mut entering_at) = (f32::NEG_INFINITY, name);
            for inside in cycle.iter().map(|inside| *inside as usize) {
                let out = w[inside * size + node];
                if out > leaving {
                    (leaving, leaving_at) = (out, inside);
                }
                let into = weight + w[node * size + inside] - w[parents[inside] as usize * size + inside];
                if into > entering {
                    (entering, entering_at) = (into, inside);
                }
            }
            w[name * size + node] = leaving;
            (from[name * size + node], to[name * size + node]) = (from[leaving_at * size + node], to[leaving_at * size + node]);
            w[node * size + name] = entering;
            (from[node * size + name], to[node * size + name]) = (from[node * size + entering_at], to[node * size + entering_at]);
        }
        let inner: Vec<Edge> = cycle
            .iter()
            .map(|node| {
                let at = parents[*node as usize] as usize * size + *node as usize;
                Edge { from: from[at], to: to[at], members: members[*node as usize].clone() }
            })
            .collect();
        for node in cycle.iter().skip(1) {
            alive[*node as usize] = false;
            let moved = std::mem::take(&mut members[*node as usize]);
            members[name].extend_from_slice(&moved);
            members[*node as usize] = moved;
        }
        levels.push(Level { edges: inner });
    }
    for token in (1..size).filter(|token| alive[*token]) {
        let at = parents[token] as usize * size + token;
        edges[to[at] as usize] = from[at];
    }
    // Open the cycles again, each broken where an edge from outside enters it.
    for level in levels.iter().rev() {
        let entered =
            level.edges.iter().position(|edge| edge.members.iter().any(|member| edges[*member as usize] != NONE)).unwrap_or(0);
        for (at, edge) in level.edges.iter().enumerate() {
            if at != entered {
                edges[edge.to as usize] = edge.from;
            }
        }
    }
    for edge in edges.iter_mut().skip(1).filter(|edge| **edge == NONE) {
        *edge = 0;
    }
}

struct Level {
    edges: Vec<Edge>,
}

struct Edge {
    from: u16,
    to: u16,
    members: Vec<u16>,
}

fn find_cycle(parents: &[u16], alive: &[bool], marks: &mut Vec<u16>) -> Option<Vec<u16>> {
    marks.clear();
    marks.resize(parents.len(), 0);
    for token in (1..parents.len()).filter(|token| alive[*token]) {
        let mut at = token;
        while at != 0 && marks[at] == 0 {
            marks[at] = token as u16;
            at = parents[at] as usize;
        }
        if at != 0 && marks[at] == token as u16 {
            let mut cycle = vec![at as u16];
            let mut next = parents[at] as usize;
            while next != at {
                cycle.push(next as u16);
                next = parents[next] as usize;
            }
            return Some(cycle);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The best tree by trying all of them.
    fn brute(scores: &[f32], n: usize) -> f32 {
        let mut best = f32::NEG_INFINITY;
        let mut heads = vec![0u16; n];
        let mut marks = Vec::new();
        for code in 0..(n + 1).pow(n as u32) {
            let mut rest = code;
            for head in &mut heads {
                *head = (rest % (n + 1)) as u16;
                rest /= n + 1;
            }
            if heads.iter().filter(|head| **head == 0).count() == 1
                && heads.iter().enumerate().all(|(at, head)| *head as usize != at + 1)
                && is_tree(&heads, &mut marks)
            {
                best = best.max(heads.iter().enumerate().map(|(at, head)| scores[at * (n + 1) + *head as usize]).sum());
            }
        }
        best
    }

    #[test]
    fn trees_are_the_best_there_are() {
        let mut state = 7u64;
        let mut scratch = TreeScratch::default();
        for round in 0..300 {
            let n = 2 + round % 4;
            let scores: Vec<f32> = (0..n * (n + 1))
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (state >> 40) as f32 / 1e6
                })
                .collect();
            let mut heads = vec![0u16; n];
            decode(&scores, n + 1, &mut heads, &mut scratch);
            let total: f32 = heads.iter().enumerate().map(|(at, head)| scores[at * (n + 1) + *head as usize]).sum();
            let best = brute(&scores, n);
            assert!(is_tree(&heads, &mut scratch.marks) && heads.iter().filter(|head| **head == 0).count() == 1);
            assert!((total - best).abs() < 1e-3, "{round}: {total} {best}");
        }
    }

    #[test]
    fn scores_that_are_not_numbers_give_a_tree_all_the_same() {
        let mut scratch = TreeScratch::default();
        for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0] {
            let mut heads = vec![0u16; 6];
            decode(&[value; 42], 7, &mut heads, &mut scratch);
            assert!(is_tree(&heads, &mut scratch.marks), "{value}: {heads:?}");
            assert_eq!(heads.iter().filter(|head| **head == 0).count(), 1);
        }
    }
}
