use exeat_model::{
    Country, Effect, EnumDescription, EnumValue, FunctionDescription, GroupDescription,
    GroupMember, Interval, OutcomeDescription, ParameterDescription, ScaleDescription,
    UnitDescription, date_from_text,
};

use crate::csv::{cell, rows};

pub(crate) fn units() -> Vec<UnitDescription> {
    let unit = |name: &str, title: &str, definition: Option<&str>| UnitDescription {
        name: name.into(),
        title: title.to_owned(),
        definition: definition.map(str::to_owned),
    };
    vec![
        unit("TOPS", "tera operations a second", None),
        unit("bit", "bit", None),
        unit("TPP", "total processing performance", Some("TOPS * bit")),
        unit("mm", "millimetre", None),
        unit("mm2", "square millimetre", Some("mm * mm")),
        unit("GB", "gigabyte", None),
        unit("s", "second", None),
    ]
}

pub(crate) fn enums() -> Vec<EnumDescription> {
    let values = |values: &[(&str, &str)]| {
        values
            .iter()
            .map(|(name, title)| EnumValue { name: (*name).into(), title: (*title).to_owned() })
            .collect()
    };
    vec![
        EnumDescription {
            name: "license_exception_symbol".into(),
            title: "Licence exceptions".to_owned(),
            values: values(&[
                ("NAC", "Notified Advanced Computing"),
                ("ACA", "Advanced Computing Authorized"),
                ("AIA", "Artificial Intelligence Authorization"),
                ("ACM", "Advanced Compute Manufacturing"),
                ("LPP", "Low Processing Performance"),
                ("HBM", "High-Bandwidth Memory"),
                ("TMP", "Temporary imports, exports, reexports and transfers"),
                ("RPL", "Servicing and replacement of parts and equipment"),
                ("GOV", "Governments"),
                ("TSU", "Technology and software, unrestricted"),
            ]),
        },
        EnumDescription {
            name: "authorization_kind".into(),
            title: "Validated end-user authorizations".to_owned(),
            values: values(&[
                ("general_veu", "General validated end user"),
                ("universal_veu", "Universal validated end user"),
                ("national_veu", "National validated end user"),
            ]),
        },
    ]
}

pub(crate) fn scales() -> Vec<ScaleDescription> {
    let outcome = |name: &str, title: &str, effect: Option<Effect>, labels: Option<&str>| {
        OutcomeDescription {
            name: name.into(),
            title: title.to_owned(),
            effect,
            labels: labels.map(Into::into),
        }
    };
    vec![
        ScaleDescription {
            name: "license_outcome".into(),
            title: "Licence requirement".to_owned(),
            outcomes: vec![
                outcome("no_license_required", "no licence required", Some(Effect::Free), None),
                outcome(
                    "license_exception",
                    "licence exception",
                    Some(Effect::FreeWithConditions),
                    Some("license_exception_symbol"),
                ),
                outcome(
                    "authorized",
                    "authorized",
                    Some(Effect::FreeWithConditions),
                    Some("authorization_kind"),
                ),
                outcome(
                    "license_required",
                    "licence required",
                    Some(Effect::AuthorisationNeeded),
                    None,
                ),
                outcome("prohibited", "prohibited", Some(Effect::Prohibited), None),
            ],
        },
        ScaleDescription {
            name: "review_policy".into(),
            title: "Licence review policy".to_owned(),
            outcomes: vec![
                outcome("presumption_of_approval", "presumption of approval", None, None),
                outcome("case_by_case", "case by case", None, None),
                outcome("presumption_of_denial", "presumption of denial", None, None),
                outcome("policy_of_denial", "policy of denial", None, None),
            ],
        },
    ]
}

pub(crate) fn groups() -> Vec<GroupDescription> {
    let mut groups: Vec<GroupDescription> = Vec::new();
    for row in rows(include_str!("../data/country_groups.csv")) {
        let (name, Some(country)) =
            (cell(&row, "group"), Country::from_code(cell(&row, "country")))
        else {
            continue;
        };
        let interval = Interval {
            from: date_from_text(cell(&row, "from")),
            until: date_from_text(cell(&row, "until")),
        };
        let member = GroupMember { country, interval, cite: None };
        if let Some(group) = groups.iter_mut().find(|group| group.name == name) {
            group.members.push(member);
            continue;
        }
        let supplement = name.starts_with("Supplement");
        groups.push(GroupDescription {
            name: name.into(),
            title: if supplement { name.to_owned() } else { format!("Country Group {name}") },
            cite: format!("15 CFR part 740, Supp. No. {}", if supplement { 5 } else { 1 }),
            members: vec![member],
        });
    }
    groups
}

pub(crate) fn functions() -> Vec<FunctionDescription> {
    let cite =
        Some("15 CFR part 774, Supp. No. 1, Technical Notes to 3A090.a and 3A090.b".to_owned());
    let function = |name: &str, title: &str, parameters: [(&str, &str); 2], result: &str| {
        FunctionDescription {
            name: name.into(),
            title: title.to_owned(),
            cite: cite.clone(),
            parameters: parameters
                .map(|(name, ty)| ParameterDescription { name: name.into(), ty: ty.to_owned() })
                .to_vec(),
            result: result.to_owned(),
        }
    };
    vec![
        function(
            "tpp",
            "Total processing performance at one bit length",
            [("throughput", "TOPS"), ("bit_length", "bit")],
            "TPP",
        ),
        function(
            "performance_density",
            "Performance density",
            [("tpp", "TPP"), ("die_area", "mm2")],
            "TPP/mm2",
        ),
    ]
}
