use exeat_analyze::*;
use exeat_model::Interval;
use exeat_program::Program;
use exeat_testing::repository;
#[test]
fn explore() {
    let session = repository().unwrap();
    let program = Program::new(session.hir().clone());
    let sides = Side::over(&program, session.functions(), &Interval::ALWAYS).unwrap();
    println!("{} sides", sides.len());
    for side in &sides {
        println!(
            "  {} rules {} columns {} atoms {}",
            side.epoch.days,
            side.epoch.decisions.iter().map(|d| d.rules.len()).sum::<usize>(),
            side.epoch.columns.len(),
            side.epoch.atoms.len()
        );
    }
    let n = sides.len();
    let mut space = Space::new(sides, Budget::USUAL).unwrap();
    for (at, v) in space.variables.iter().enumerate() {
        let side = v.columns.iter().position(Option::is_some).unwrap();
        println!(
            "{at} {:?} cells {} sides {} {}",
            match &v.kind {
                VariableKind::Quantity(_) => "Q",
                VariableKind::Condition(_) => "C",
                _ => "F",
            },
            v.cells.count(),
            v.columns.iter().flatten().count(),
            space.name(side, at).0.chars().take(100).collect::<String>()
        );
    }
    for side in (0..n).rev() {
        let t = std::time::Instant::now();
        match Diagrams::build(&mut space, side) {
            Ok(d) => {
                for x in &d.decisions {
                    println!(
                        "{side} {:?} rules {} max holds {} outcomes {:?}",
                        x.id,
                        x.rules.len(),
                        x.rules.iter().map(|r| r.holds.yes.nodes()).max().unwrap_or(0),
                        x.outcomes.as_ref().map(|o| o
                            .classes
                            .iter()
                            .map(|c| c.is.nodes())
                            .collect::<Vec<_>>())
                    );
                }
            }
            Err(e) => println!("{side} {e:?}"),
        }
        println!("{side} {:?}", t.elapsed());
    }
}
