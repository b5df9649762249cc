/** A prediction and what came of it. */
export interface Outcome {
  /** The predicted probability, from 0 to 1. */
  readonly probability: number;
  readonly isRight: boolean;
}

/** p becomes 1 / (1 + exp(−(slope · ln(p / (1 − p)) + intercept))). */
export interface Scaling {
  readonly slope: number;
  readonly intercept: number;
}

const mostSteps = 100;
const tolerance = 1e-10;
const ridge = 1e-12;
const smallestShare = 1e-10;
/** Probabilities nearer to 0 or 1 count as this near. */
const nearest = 1e-9;

interface Point {
  /** The logit of the predicted probability. */
  readonly x: number;
  readonly target: number;
}

/**
 * The scaling under which outcomes are likeliest: logistic regression on the logits, towards targets that are a little less
 * certain than 0 and 1 (Platt, "Probabilistic Outputs for Support Vector Machines", 1999), by Newton's method with a line search
 * (Lin, Lin and Weng, "A Note on Platt's Probabilistic Outputs for Support Vector Machines", 2007).
 * @throws Error if all outcomes are the same, or all probabilities are: then there is nothing to fit
 */
export function plattScaling(outcomes: readonly Outcome[]): Scaling {
  const right = outcomes.filter(({ isRight }) => isRight).length;
  const wrong = outcomes.length - right;
  if (right === 0 || wrong === 0) {
    throw new Error(`Of ${outcomes.length} suggestions ${right} are right: there is nothing to fit.`);
  }
  const [high, low] = [(right + 1) / (right + 2), 1 / (wrong + 2)];
  const points = outcomes.map(({ probability, isRight }) => ({ x: logit(probability), target: isRight ? high : low }));
  if (points.every(({ x }) => x === points[0]?.x)) {
    throw new Error("All suggestions have the same probability: there is nothing to fit.");
  }
  let scaling: Scaling = { slope: 1, intercept: 0 };
  for (let step = 0; step < mostSteps; step++) {
    const next = searchAlong(newtonStep(scaling, points), scaling, points);
    if (!next) break;
    scaling = next;
  }
  return scaling;
}

function newtonStep({ slope, intercept }: Scaling, points: readonly Point[]): Scaling {
  // Gradient and Hessian of the loss; the Hessian is kept from being singular.
  let [g1, g0, h11, h10, h00] = [0, 0, ridge, 0, ridge];
  for (const { x, target } of points) {
    const p = 1 / (1 + Math.exp(-(slope * x + intercept)));
    const weight = p * (1 - p);
    g1 += (p - target) * x;
    g0 += p - target;
    h11 += weight * x * x;
    h10 += weight * x;
    h00 += weight;
  }
  const determinant = h11 * h00 - h10 * h10;
  return { slope: (h10 * g0 - h00 * g1) / determinant, intercept: (h10 * g1 - h11 * g0) / determinant };
}

/** Goes on by a step, or by half of it, or … @returns undefined if nothing along it is better by more than the tolerance */
function searchAlong(step: Scaling, { slope, intercept }: Scaling, points: readonly Point[]): Scaling | undefined {
  const before = loss({ slope, intercept }, points);
  for (let share = 1; share > smallestShare; share /= 2) {
    const next = { slope: slope + share * step.slope, intercept: intercept + share * step.intercept };
    if (loss(next, points) < before - tolerance) return next;
  }
  return undefined;
}

/** The negative log likelihood, in nats. */
function loss({ slope, intercept }: Scaling, points: readonly Point[]): number {
  return points.reduce((sum, { x, target }) => {
    const z = slope * x + intercept;
    return sum + Math.max(z, 0) - target * z + Math.log1p(Math.exp(-Math.abs(z)));
  }, 0);
}

/** The scaling that does in one what two do one after the other. */
export function composed(first: Scaling, second: Scaling): Scaling {
  return {
    slope: second.slope * first.slope,
    intercept: second.slope * first.intercept + second.intercept,
  };
}

function logit(probability: number): number {
  const p = Math.min(Math.max(probability, nearest), 1 - nearest);
  return Math.log(p / (1 - p));
}
