//! Rules for the `schedule` of a function.

use super::Problems;
use crate::model::function::{Function, Interval, Schedule, Schedules};

/// The fields of a cron expression, with their limits.
const FIELDS: [(&str, u32, u32); 6] = [
    ("minutes", 0, 59),
    ("hours", 0, 23),
    ("day-of-month", 1, 31),
    ("month", 1, 12),
    ("day-of-week", 1, 7),
    ("year", 1970, 2199),
];

pub fn check(function: &Function, problems: &mut Problems) {
    let Schedules(schedules) = &function.schedule;
    for (index, schedule) in schedules.iter().enumerate() {
        if let Err((message, label)) = check_one(schedule, function.timeout_seconds) {
            problems.add(&["schedule", &index.to_string()], message, label);
        }
    }
}

fn check_one(schedule: &Schedule, timeout: u32) -> Result<(), (String, String)> {
    let expression = schedule.expression();
    if !expression.contains("every") {
        return cron(expression)
            .map_err(|label| ("this is not a time for a schedule".to_owned(), label));
    }
    match Interval::parse(expression) {
        Some(Interval::Minutes(minutes)) if minutes.saturating_mul(60) < timeout => Err((
            format!("the function may take {timeout} seconds, which is longer than the interval"),
            "choose a longer interval, or a shorter `timeoutSeconds`".to_owned(),
        )),
        Some(_) => Ok(()),
        None => Err((
            format!("`{expression}` is not an interval"),
            "write `every 5m`, `every 2h`, `every day`, `every week`, `every month` or `every year`, \
             with a positive integer"
                .to_owned(),
        )),
    }
}

fn cron(expression: &str) -> Result<(), String> {
    let fields: Vec<_> = expression.split(' ').collect();
    if !(5..=6).contains(&fields.len()) {
        return Err(
            "write five or six fields of cron, such as `0 9 ? * 2 *`, or `every day`".to_owned()
        );
    }
    for (field, (name, least, most)) in fields.iter().zip(FIELDS) {
        let open = *field == "*" || *field == "?" && name.starts_with("day");
        if !open && !field.split(',').all(|part| part_fits(part, least, most)) {
            return Err(format!("{name} must be from {least} to {most}, and not `{field}`"));
        }
    }
    if fields[2] != "?" && fields[4] != "?" {
        return Err("one of day-of-month and day-of-week must be `?`".to_owned());
    }
    Ok(())
}

/// A number, a range, or a step.
fn part_fits(part: &str, least: u32, most: u32) -> bool {
    let number = |text: &str| text.parse().ok().filter(|number| (least..=most).contains(number));
    if let Some((base, step)) = part.split_once('/') {
        return (base == "*" || number(base).is_some()) && step.parse::<u32>().is_ok_and(|s| s > 0);
    }
    if let Some((from, to)) = part.split_once('-') {
        return matches!((number(from), number(to)), (Some(from), Some(to)) if from <= to);
    }
    number(part).is_some()
}
