//! The catalogue of problems: every code, its status, and what it says in two languages.
//!
//! The texts are fixed. Nothing that a client sent is ever pasted into them.

use bangfu_domain::codes::{Bilingual, CodeList, CodeValue};

/// Declares the catalogue.
macro_rules! catalogue {
    ($($code:ident $name:literal $status:literal
        en: $title_en:literal, $detail_en:literal;
        zh: $title_zh:literal, $detail_zh:literal;)+) => {
        /// A problem's stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(
                #[doc = $title_en]
                $code,
            )+
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$code,)+];

            /// The catalogue as a code list: titles as labels, and what to do next.
            pub const LIST: CodeList = CodeList {
                description: "What is wrong with a request, or why it was refused.",
                values: &[$(CodeValue {
                    code: $name,
                    label: Bilingual::new($title_en, $title_zh),
                    detail: Some(Bilingual::new($detail_en, $detail_zh)),
                },)+],
            };

            /// The code as it stands in answers.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$code => $name,)+ }
            }

            /// The HTTP status.
            pub const fn status(self) -> u16 {
                match self { $(Code::$code => $status,)+ }
            }

            /// The texts in one language.
            pub const fn texts(self, language: Language) -> Texts {
                match (self, language) {
                    $(
                        (Code::$code, Language::English) =>
                            Texts { title: $title_en, detail: $detail_en },
                        (Code::$code, Language::Chinese) =>
                            Texts { title: $title_zh, detail: $detail_zh },
                    )+
                }
            }
        }
    };
}

/// A language of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `zh-CN`, the default.
    Chinese,
    /// `en`.
    English,
}

impl Language {
    /// The first language of ours among tags in the order of preference; Chinese where there is none.
    pub fn preferred<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        let ours = |tag: &str| match tag.split('-').next() {
            Some(primary) if primary.eq_ignore_ascii_case("en") => Some(Language::English),
            Some(primary) if primary.eq_ignore_ascii_case("zh") => Some(Language::Chinese),
            _ => None,
        };
        tags.into_iter().find_map(ours).unwrap_or(Language::Chinese)
    }

    /// The language tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        }
    }
}

/// What a problem says: what is wrong, and what to do next.
#[derive(Debug, Clone, Copy)]
pub struct Texts {
    /// What is wrong.
    pub title: &'static str,
    /// What to do next.
    pub detail: &'static str,
}

catalogue! {
    BodyIncomplete "body_incomplete" 400
        en: "The body ended before it was complete", "Send it again, with the same Idempotency-Key.";
        zh: "请求体不完整", "请用同一个 Idempotency-Key 重新发送。";
    MalformedJson "malformed_json" 400
        en: "The body is not well-formed JSON", "Send one JSON object in UTF-8.";
        zh: "请求体不是合法的 JSON", "请发送一个 UTF-8 编码的 JSON 对象。";
    InvalidRequest "invalid_request" 400
        en: "The request has wrong values", "Correct the fields named under `errors` and send it again with the same Idempotency-Key.";
        zh: "请求中有错误的值", "请改正 errors 中列出的字段，并用同一个 Idempotency-Key 重新发送。";
    InvalidQuery "invalid_query" 400
        en: "The query is wrong", "Correct the parameter named under `errors`; `known_parameters` are all that this operation takes.";
        zh: "查询参数有误", "请更正 errors 中指出的参数；known_parameters 为本操作接受的全部参数。";
    InvalidHeader "invalid_header" 400
        en: "A header is wrong", "Correct the header named under `errors`, or leave it out where it says `not_applicable`. If-Match takes entity tags in quotes, or `*`; Idempotency-Key 8 to 128 printable characters, once.";
        zh: "请求头有误", "请更正 errors 中指出的请求头；注明 not_applicable 的请去掉。If-Match 为带引号的 ETag 或 *；Idempotency-Key 为 8 至 128 个可打印字符，只能出现一次。";
    InvalidCursor "invalid_cursor" 400
        en: "The cursor does not fit this list", "Use a cursor only with the same filters and the same caller, or start again without one.";
        zh: "游标与此列表不符", "游标只能用于相同的筛选条件和相同的调用者；也可以不带游标重新开始。";
    IdempotencyKeyRequired "idempotency_key_required" 400
        en: "An Idempotency-Key is required", "Send a header Idempotency-Key with 8 to 128 printable characters, a new one for each new request.";
        zh: "缺少 Idempotency-Key", "请在请求头中提供 Idempotency-Key（8 至 128 个可打印字符），每个新请求使用新的值。";
    ConsentRequired "consent_required" 400
        en: "A hospital's referral needs the patient's consent", "Send the consent's reference, day and signer; without it, hand the patient a leaflet instead.";
        zh: "医院转介需要患者同意", "请提供同意书编号、日期和签署人；没有同意书时，请改为发放宣传单由患者自行申请。";
    SamePerson "same_person" 400
        en: "Two different persons are needed", "Name two natural persons with different identity numbers.";
        zh: "必须是两个不同的人", "请填写身份证号码不同的两名自然人。";
    Unauthenticated "unauthenticated" 401
        en: "Nobody is signed in", "Sign in again, and send a header Authorization: Bearer with the access token.";
        zh: "未登录", "请重新登录，并在请求头 Authorization: Bearer 中提供访问令牌。";
    SignInFailed "sign_in_failed" 401
        en: "Login or password is wrong", "Check both and try again.";
        zh: "用户名或密码错误", "请核对后重试。";
    WrongPassword "wrong_password" 403
        en: "The present password is wrong", "Check it and try again.";
        zh: "当前密码错误", "请核对后重试。";
    Forbidden "forbidden" 403
        en: "Your role does not permit this", "Ask someone who holds the role, or a security administrator for a grant.";
        zh: "您的角色无权执行此操作", "请联系具有相应角色的人员，或向安全管理员申请授权。";
    DutyConflict "duty_conflict" 403
        en: "You already acted on this in another duty", "Another person has to do this step.";
        zh: "您已在此事项中履行过其他职责", "该步骤必须由另一人办理。";
    OwnMatter "own_matter" 403
        en: "Nobody acts on a matter of their own", "A colleague has to do this.";
        zh: "不得办理与本人有关的事项", "请由其他同事办理。";
    NeedsPerson "needs_person" 403
        en: "Only a natural person may do this", "Sign in with a person's account.";
        zh: "只能由自然人办理", "请使用个人账号登录。";
    NotFound "not_found" 404
        en: "There is nothing here for you", "Check the address; what you may not see answers like this too.";
        zh: "未找到", "请检查地址；您无权查看的内容也会如此回答。";
    MethodNotAllowed "method_not_allowed" 405
        en: "There is no such method here", "Use one of the methods in Allow.";
        zh: "此处不支持该方法", "请使用 Allow 中列出的方法。";
    BodyTimeout "body_timeout" 408
        en: "The body did not arrive in time", "Send it again, with the same Idempotency-Key.";
        zh: "请求体未能及时到达", "请用同一个 Idempotency-Key 重新发送。";
    WrongState "wrong_state" 409
        en: "The state does not permit this", "See `state` and `allowed_actions`; read the resource again.";
        zh: "当前状态不允许此操作", "请查看 state 和 allowed_actions，并重新读取该资源。";
    ActiveCaseExists "active_case_exists" 409
        en: "An active case already holds this person", "Accept the referral into that case by its `case_id`; without one it is held by another unit, ask the city.";
        zh: "此人已在有效个案中", "请用 case_id 将线索并入该个案；未给出 case_id 时由其他单位办理，请联系市总工会。";
    CaseHoldsNeither "case_holds_neither" 409
        en: "The case holds neither the patient nor the worker", "Name a case of this household, or leave `case_id` out to open one.";
        zh: "该个案中既没有患者也没有职工", "请填写该家庭的个案，或不填 case_id 以新建个案。";
    Blocked "blocked" 409
        en: "Evidence that the policy asks for is missing", "Supply what `blockers` names, then try again.";
        zh: "缺少政策要求的依据", "请补齐 blockers 所列内容后重试。";
    NoPolicy "no_policy" 409
        en: "No aid policy is in force for this case", "A policy editor and a policy approver have to put one in force.";
        zh: "没有适用于此个案的帮扶政策", "请由政策编制人员和政策批准人员发布政策。";
    HouseholdIncomplete "household_incomplete" 409
        en: "Something of the household is not written down", "See `gaps` of the case and complete the household first.";
        zh: "家庭情况登记不完整", "请查看个案的 gaps，先补全家庭情况。";
    WorkerFixed "worker_fixed" 409
        en: "The household has one worker, who stays the same person", "Name the worker of the case by `person_id`, once, with relation `self`.";
        zh: "家庭只有一名职工本人，且不能换人", "请用 person_id 填写该个案的职工本人，关系为 self，且仅一名。";
    NotAMember "not_a_member" 409
        en: "The person does not belong to the household", "Name a member of the household, or add the person to it first.";
        zh: "此人不是家庭成员", "请填写家庭成员，或先将此人加入家庭。";
    Settled "settled" 409
        en: "It is complete or closed already", "Record a new one.";
        zh: "该记录已完成或已关闭", "请另行登记。";
    ComparisonWaiting "comparison_waiting" 409
        en: "A comparison of this household waits for its answer", "Wait for the civil-affairs office.";
        zh: "该家庭已有核对正在等待结果", "请等待民政部门反馈。";
    ComparisonNotAuthorised "comparison_not_authorised" 409
        en: "A member has not authorised the comparison", "Record the consent of `person_id` with purpose `comparison` first.";
        zh: "有家庭成员尚未授权核对", "请先登记 person_id 所示成员的核对授权（purpose 为 comparison）。";
    NumberMissing "number_missing" 409
        en: "A member's identity number is not known", "Complete the household with the identity number of `person_id` first.";
        zh: "有家庭成员的身份证号码未知", "请先补全 person_id 所示成员的身份证号码。";
    OtherMembers "other_members" 409
        en: "The answer speaks of other people than the question", "Give one result for each of the comparison's `members`.";
        zh: "核对结果与请求的人员不一致", "请为核对请求中的每位成员各填写一条结果。";
    NoticeOpen "notice_open" 409
        en: "A public notice of this case has not been closed", "Close it first, when its period is over.";
        zh: "该个案已有未结束的公示", "请在公示期满后先关闭该公示。";
    NoticeRunning "notice_running" 409
        en: "The public notice still runs", "It can be closed on the day after `until`.";
        zh: "公示期未满", "可在 until 次日关闭。";
    PublicationNotAgreed "publication_not_agreed" 409
        en: "The worker has not agreed to the public notice", "Record the worker's consent with purpose `publication` first.";
        zh: "职工本人尚未同意公示", "请先登记职工本人的公示同意（purpose 为 publication）。";
    ComparisonFirst "comparison_first" 409
        en: "The policy wants the comparison before the public notice", "Wait until every member who counts has been compared.";
        zh: "政策要求先核对后公示", "请等待全部共同生活成员核对完毕。";
    CalendarUnknown "calendar_unknown" 409
        en: "The working days of that year are not known", "A policy with the calendar of `year` has to be put in force.";
        zh: "该年度的工作日安排尚未载入", "请发布含有 year 年度日历的政策。";
    TooMuchMoney "too_much_money" 409
        en: "The amounts are larger than can be meant", "Check the amounts: incomes, expenses, allocations, instalments.";
        zh: "金额超出合理范围", "请核对金额：收入、支出、拨款或分期金额。";
    LevelTooLow "level_too_low" 403
        en: "A higher level decides this", "An approver of level `needed_level` or above has to decide.";
        zh: "须由上级审批", "请由 needed_level 所示层级或更高层级的审批人办理。";
    NotLifted "not_lifted" 409
        en: "The policy's condition for lifted hardship is not fulfilled", "Income has to be above the dibao line for `months_above_dibao` months in a row.";
        zh: "不符合政策规定的脱困条件", "家庭收入须连续 months_above_dibao 个月高于低保标准。";
    OrganizationNotBelow "organization_not_below" 409
        en: "The organization is not the one in charge, nor below it", "Name the organization in charge or one below it.";
        zh: "该组织不是主管组织，也不在其下级", "请填写主管组织或其下级组织。";
    LevelNotBelow "level_not_below" 409
        en: "The level is not below the parent's", "Choose a lower level or another parent.";
        zh: "组织层级必须低于上级组织", "请选择更低的层级或另一个上级组织。";
    LastAdministrators "last_administrators" 409
        en: "At least two security administrators must remain", "Grant the role to someone else first, then do this.";
        zh: "至少须保留两名安全管理员", "请先将该角色授予他人，再执行此操作。";
    Lapsed "lapsed" 409
        en: "The days for which it was proposed are over", "Propose it anew.";
        zh: "申请的有效期已过", "请重新提出申请。";
    AlreadyInstalled "already_installed" 409
        en: "The installation is complete", "Sign in as an administrator.";
        zh: "系统已完成安装", "请以管理员身份登录。";
    RoleUnfit "role_unfit" 409
        en: "This holder cannot hold the role", "Machines hold machine roles only, and one that fits their source.";
        zh: "该对象不能担任此角色", "机器客户端只能担任机器角色，且须与其来源相符。";
    RolesExclude "roles_exclude" 409
        en: "The person holds a role that excludes this one", "An administrator's role is held without any other; end or refuse the other grant first, or name another person.";
        zh: "此人已担任与该角色互斥的角色", "三员角色不得与其他任何角色兼任；请先终止或拒绝另一授权，或改为其他人员。";
    VersionAhead "version_ahead" 409
        en: "That version does not exist yet", "Acknowledge a version that you have read.";
        zh: "该版本尚不存在", "请确认您已读取过的版本。";
    ExamplesFail "examples_fail" 409
        en: "Examples of the policy fail", "Compare the examples named in failed with the document, and draft the policy anew.";
        zh: "政策的测算样例未通过", "请将 failed 中列出的样例与政策内容核对后重新起草。";
    PolicyDayTaken "policy_day_taken" 409
        en: "Another policy begins on that day", "Choose another day.";
        zh: "该日已有其他政策生效", "请选择其他日期。";
    NotEnrolled "not_enrolled" 409
        en: "The household is not enrolled", "Approve its case first, or reopen it. Void a batch that pays such a household.";
        zh: "该家庭不在档", "救助对象须为在档家庭：请先审批建档，或重新建档。批次中有不在档家庭的，请作废该批次。";
    NotAStudent "not_a_student" 409
        en: "The beneficiary is not at school", "Write the stage of schooling into the household's record, or name the student.";
        zh: "受益人不是在校学生", "请在家庭信息中填写就学阶段，或填写在校子女。";
    NotRegistrar "not_registrar" 403
        en: "Only one of its registrars may take it back", "Ask the registrar to take it back, or return it as its reviewer.";
        zh: "只有登记人才能撤回", "请由登记人撤回，或由审核人退回。";
    BasisMissing "basis_missing" 409
        en: "What the household paid itself is not known", "Return the relief and have `self_paid` written down.";
        zh: "缺少个人自付金额", "请退回并补填 self_paid。";
    NoDibaoLine "no_dibao_line" 409
        en: "The policy names no dibao line for the division", "A policy editor has to add the division's line.";
        zh: "政策中没有该行政区划的低保标准", "请由政策编制人员补充该区划的低保标准。";
    AboveShare "above_share" 409
        en: "The amount is above the policy's part of what the household paid itself", "Lower the amount to the policy's percentage of `self_paid`, or return the relief to have the basis corrected.";
        zh: "金额超过个人自付的救助比例", "请将金额降至政策规定的 self_paid 比例以内，或退回更正自付金额。";
    CapPassed "cap_passed" 409
        en: "The amount would pass a cap", "At most `left` of `limit` is left under `cap`.";
        zh: "金额超过救助限额", "限额见 limit，尚可救助的金额见 left。";
    TooOften "too_often" 409
        en: "There may not be another relief of this kind", "The policy permits `limit` in a year.";
        zh: "超过政策规定的救助次数", "每年最多的次数见 limit。";
    FundUnfit "fund_unfit" 409
        en: "The fund may not pay this relief", "Name a fund of the organization in charge or one above it, for this kind of aid and not of a later year.";
        zh: "该资金不能用于此项救助", "请选择主管组织或其上级的资金，且用途相符、年度不晚于本年。";
    FundShort "fund_short" 409
        en: "The fund has not that much available", "Name another fund, or wait for an allocation.";
        zh: "资金余额不足", "请选择其他资金，或等待拨款。";
    AllocationKnown "allocation_known" 409
        en: "The same allocation is known already", "The same document, day and amount was entered before; look at the fund's allocations.";
        zh: "该笔拨款已登记", "相同文号、日期和金额的拨款已登记，请核对资金的拨款记录。";
    MoneyOpen "money_open" 409
        en: "Money of the household is held or with the bank", "Cancel the reliefs that are not paid, or wait for the bank's word.";
        zh: "该家庭尚有待付或在途资金", "请先取消未发放的救助，或等待银行结果。";
    NothingToPay "nothing_to_pay" 409
        en: "No line waits to be paid", "Approve reliefs first, or name other funds; `withheld` says why lines were left out, if there were any.";
        zh: "没有待发放的明细", "请先审批救助，或选择其他资金；withheld 说明未纳入明细的原因。";
    OtherPayer "other_payer" 409
        en: "The funds pay from different accounts", "Make one batch per organization and payer account.";
        zh: "所选资金的付款账户不同", "请按组织和付款账户分别制单。";
    PayeeMissing "payee_missing" 409
        en: "The account of a payee is gone", "Void the batch, and correct the account of the relief.";
        zh: "收款账户缺失", "请作废该批次，并更正救助的收款账户。";
    LinesOpen "lines_open" 409
        en: "Lines of the batch are not accounted for", "`lines` of them wait for the bank's word, or for a person's where the bank does not know.";
        zh: "批次中尚有未核销的明细", "尚未核销的笔数见 lines：等待银行结果，或需人工按对账单确认。";
    NothingFailed "nothing_failed" 409
        en: "The last attempt to pay this line has not failed", "Only a payment that was refused or returned is tried anew.";
        zh: "该笔发放没有失败", "只有被拒付或退票的发放才能重新发放。";
    TooManyPayments "too_many_payments" 409
        en: "This line has been tried too often", "Cancel the relief and draft another one.";
        zh: "该笔发放尝试次数过多", "请取消该救助并另行登记。";
    TooManyAttachments "too_many_attachments" 409
        en: "The case has as many files as it may have", "Put pages that belong together into one file; `limit` is how many files a case may have.";
        zh: "该个案的附件数量已达上限", "请将相关页面合并为一个文件；limit 为每个个案的附件数量上限。";
    PersonDiffers "person_differs" 409
        en: "The identity number is known under another name", "Compare number and name with the identity card.";
        zh: "该身份证号码已登记在另一姓名下", "请与身份证核对号码和姓名。";
    NumberTaken "number_taken" 409
        en: "The identity number is known as another person's", "Name that person by the number alone, without `person_id`. If it is the worker, withdraw this case and open one for that person.";
        zh: "该身份证号码属于另一人", "请不填 person_id，仅用该身份证号码指明此人。如为职工本人，请撤回本个案，并为该人新建个案。";
    AccountExists "account_exists" 409
        en: "The person already has an account", "Use that account, or grant it a role.";
        zh: "此人已有账号", "请使用该账号，或为其授予角色。";
    LoginTaken "login_taken" 409
        en: "The login is taken", "Choose another login.";
        zh: "登录名已被使用", "请选择其他登录名。";
    Duplicate "duplicate" 409
        en: "This exists already", "Look for the existing one.";
        zh: "记录已存在", "请查找已有的记录。";
    ReferralExists "referral_exists" 409
        en: "The source reference names another referral", "Its id is in `referral_id` where you may see it; use a new source reference for a new referral.";
        zh: "该来源编号已用于另一条线索", "您有权查看时其编号见 referral_id；新的线索请使用新的来源编号。";
    Erased "erased" 409
        en: "The personal values were erased", "They are gone for good; what happened remains in the journal.";
        zh: "个人信息已被清除", "个人信息已永久删除；办理过程仍保留在日志中。";
    RequestInProgress "request_in_progress" 409
        en: "The same request is being worked on", "Wait, then send the same request with the same key again.";
        zh: "相同的请求正在处理中", "请稍候，再用同一个 Idempotency-Key 重新发送相同的请求。";
    PreconditionFailed "precondition_failed" 412
        en: "The resource has changed", "Read it again, look at what changed, and send the new ETag as If-Match.";
        zh: "资源已被更改", "请重新读取并查看变化，然后在 If-Match 中提供新的 ETag。";
    TooLarge "too_large" 413
        en: "The body is too large", "Send at most the number of bytes in `limit`.";
        zh: "请求体过大", "请求体不得超过 limit 所示的字节数。";
    UnsupportedMediaType "unsupported_media_type" 415
        en: "The media type is not supported", "Send Content-Type: application/json.";
        zh: "不支持的媒体类型", "请使用 Content-Type: application/json。";
    MediaTypeDiffers "media_type_differs" 415
        en: "The file is not of a type that is taken", "Send a PDF, JPEG, PNG or TIFF file, with its own type as Content-Type.";
        zh: "文件类型不受支持或与声明不符", "请发送 PDF、JPEG、PNG 或 TIFF 文件，并在 Content-Type 中写明其实际类型。";
    KeyReused "idempotency_key_reused" 422
        en: "The Idempotency-Key was used for another request", "Use a new key for a new request.";
        zh: "Idempotency-Key 已用于另一个请求", "新的请求请使用新的值。";
    PreconditionRequired "precondition_required" 428
        en: "An If-Match header is required", "Read the resource and send its ETag as If-Match.";
        zh: "缺少 If-Match", "请先读取该资源，并在 If-Match 中提供其 ETag。";
    TooManyAttempts "too_many_attempts" 429
        en: "Too many failed attempts", "Try again after the seconds in Retry-After.";
        zh: "失败次数过多", "请在 Retry-After 所示的秒数后重试。";
    Internal "internal" 500
        en: "Something went wrong on our side", "Try again later; tell the operator the request id in the header x-request-id.";
        zh: "服务器内部错误", "请稍后重试；请将响应头 x-request-id 中的请求编号告知运维人员。";
    NoBlobs "attachments_unsupported" 501
        en: "This server keeps no attachments", "Ask its operator to name a folder for them with --blobs.";
        zh: "此服务器未启用附件", "请联系运维人员用 --blobs 指定附件文件夹。";
    Overloaded "overloaded" 503
        en: "Too much work is waiting", "Try again after the seconds in Retry-After, with the same Idempotency-Key.";
        zh: "服务繁忙", "请在 Retry-After 所示的秒数后，用同一个 Idempotency-Key 重试。";
    Unavailable "unavailable" 503
        en: "Storage is unavailable", "Try again after the seconds in Retry-After, with the same Idempotency-Key.";
        zh: "存储暂不可用", "请在 Retry-After 所示的秒数后，用同一个 Idempotency-Key 重试。";
}

/// What a wrong value's code says.
pub const VALUE_CODES: &[CodeValue] = &[
    value("required", "A value is required.", "必填。"),
    value("too_long", "Longer than permitted.", "超出长度限制。"),
    value("control_characters", "Contains control characters.", "含有控制字符。"),
    value("format", "Malformed.", "格式错误。"),
    value("check_digit", "The check character is wrong.", "校验码错误。"),
    value("impossible_date", "There is no such day.", "日期不存在。"),
    value("out_of_range", "Out of range.", "超出范围。"),
    value("negative", "An amount may not be negative.", "金额不得为负。"),
    value("over_precise", "At most two decimal places.", "最多两位小数。"),
    value("in_future", "Lies in the future.", "不得晚于今天。"),
    value("too_early", "Too early.", "过早。"),
    value("total_mismatch", "The total is off from its parts by more than one fen.", "合计与各分项之和相差超过一分。"),
    value("unknown_code", "Not one of the known codes.", "代码不在列表中。"),
    value("not_distinct", "The same as another value that it must differ from.", "不得与另一项相同。"),
    value("exactly_one", "Give exactly one of the alternatives.", "必须且只能填写其中一项。"),
    value("unknown_field", "There is no such field.", "没有此字段。"),
    value("unknown_parameter", "There is no such parameter.", "没有此参数。"),
    value("not_applicable", "This operation has nothing to compare it with.", "此操作不适用该请求头。"),
    value("wrong_type", "The wrong type of value.", "值的类型错误。"),
    value("not_found", "Does not exist, or is not visible to you.", "不存在或您无权查看。"),
];

const fn value(code: &'static str, en: &'static str, zh: &'static str) -> CodeValue {
    CodeValue { code, label: Bilingual::new(en, zh), detail: None }
}
