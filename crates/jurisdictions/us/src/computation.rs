use exeat_plugin_sdk::{Answer, Arguments, Field, Function, Jurisdiction};

const TECHNICAL_NOTES: &str =
    "15 CFR part 774, Supp. No. 1, Technical Notes to 3A090.a and 3A090.b";

/// Adds the functions.
pub(crate) fn add(jurisdiction: Jurisdiction) -> Jurisdiction {
    jurisdiction
        .function(
            Function::new(
                "tpp",
                "Total processing performance at one bit length of the operation: the dense rate of the data sheet times that length",
                vec![Field::new("throughput", "TOPS"), Field::new("bit_length", "bit")],
                "TPP",
            )
            .cite(TECHNICAL_NOTES),
            tpp,
        )
        .function(
            Function::new(
                "performance_density",
                "Total processing performance divided by the applicable die area",
                vec![Field::new("tpp", "TPP"), Field::new("die_area", "mm2")],
                "TPP/mm2",
            )
            .cite(TECHNICAL_NOTES),
            performance_density,
        )
}

fn tpp(arguments: &Arguments) -> Result<Answer, String> {
    let (throughput, bit_length) = (arguments.number(0)?, arguments.number(1)?);
    if throughput.is_negative() || bit_length.is_negative() {
        return Err("a rate and a bit length cannot be negative".to_owned());
    }
    throughput.checked_mul(bit_length).map(Answer::Number)
}

fn performance_density(arguments: &Arguments) -> Result<Answer, String> {
    let (tpp, die_area) = (arguments.number(0)?, arguments.number(1)?);
    if die_area.is_zero() {
        return Err("the performance density is not defined, because the applicable die area is 0 mm2: no logic die has non-planar transistors".to_owned());
    }
    if tpp.is_negative() || die_area.is_negative() {
        return Err("a processing performance and a die area cannot be negative".to_owned());
    }
    tpp.checked_div(die_area).map(Answer::Number)
}
