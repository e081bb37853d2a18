use exeat_analyze::*;
use exeat_model::Interval;
use exeat_program::Program;
use exeat_testing::repository;
#[test]
fn explore() {
    let session = repository().unwrap();
    let program = Program::new(session.hir().clone());
    let t = std::time::Instant::now();
    let mut sides = Side::over(&program, session.functions(), &Interval::ALWAYS).unwrap();
    println!("{} sides {:?}", sides.len(), t.elapsed());
    if std::env::var("ONE").is_ok() {
        sides = vec![sides.remove(std::env::var("ONE").unwrap().parse().unwrap())];
    }
    let n = sides.len();
    let mut space = Space::new(sides, Budget::USUAL).unwrap();
    println!("space {:?}", t.elapsed());
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
            space.name(side, at).0.chars().take(140).collect::<String>()
        );
    }
    for side in (0..n).rev() {
        let t = std::time::Instant::now();
        match Diagrams::build(&mut space, side) {
            Ok(d) => {
                for x in &d.decisions {
                    let name = &session.hir().decisions.get(x.id).unwrap().name;
                    println!(
                        "S{side} {name} rules {} max holds {} outcomes {:?}",
                        x.rules.len(),
                        x.rules.iter().map(|r| r.holds.yes.nodes()).max().unwrap_or(0),
                        x.outcomes.as_ref().map(|o| o
                            .classes
                            .iter()
                            .map(|c| c.is.nodes())
                            .collect::<Vec<_>>())
                    );
                }
                println!("{:?}", d.too_large);
            }
            Err(e) => println!("S{side} {e:?}"),
        }
        println!("S{side} {:?}", t.elapsed());
    }
}
