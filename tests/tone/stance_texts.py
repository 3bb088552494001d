"""Made-up mails for the tests: first contacts by many hands, and ordinary mails that are none."""

COLD = {
    "en": [
        "Hi Laura,\n\nI noticed that Brightfield just opened a second warehouse in Leeds. Congrats on the growth!\n\nWe help logistics firms cut their picking errors by a third. Would you be open to a quick chat next week?\n\nBest,\nTom",
        "Hello,\n\nMy name is Anna Reyes and I'm the founder of Kettle & Co. We supply independent cafés with small-batch teas. I'd love to send you a free sample box. No strings attached.\n\nAnna",
        "Hi Sam,\n\nI wanted to follow up on my email from last week. I know you're busy, so I'll keep it short: we can save your team about six hours a month on invoicing. Is it worth a 10 minute call?\n\nJoe",
        "Dear Sir or Madam,\n\nOur company manufactures stainless steel fasteners and exports to more than thirty countries. We would be glad to quote for any item you need. Please find our catalogue attached.\n\nYours faithfully",
        "Hey Priya,\n\nLoved your talk on pricing at the SaaS meetup. I run a tiny studio that designs onboarding flows for companies like yours. Mind if I share two ideas?\n\nCheers, Ben",
        "Hi there,\n\nAre you the right person to talk to about office cleaning at Marlow House? If not, could you point me in the right direction?\n\nWe look after forty offices in the city and offer a free trial week.",
        "Hi Dan,\n\nHaven't heard back from you, so I'll assume this isn't a priority right now and close your file. If things change, just reply to this email.\n\nKate",
        "Good morning,\n\nI came across your bakery while looking for places in York that use local flour. We mill heritage wheat twelve miles away and are looking for bakers who would like to try it. May I drop off a bag?",
        "Hello Mr Frost,\n\nI'm writing to introduce Northline, a recruitment agency specialising in civil engineers. We currently have several excellent candidates in your area. Would you have a few minutes this week to discuss your hiring plans?",
        "Hi,\n\nI'm a freelance copywriter based in Cardiff. I read your blog and I think I could help you get more sign-ups from it. Interested in a free audit of your home page?",
        "Hi Emma,\n\nJust bumping this to the top of your inbox. Did you get a chance to look at the proposal I sent? Happy to jump on a call whenever suits.\n\nLuke",
        "Dear Ms Hall,\n\nI am a final year student of marine biology and I have read your papers on kelp with great interest. I am looking for a summer placement and would be honoured to join your group. My CV is attached.",
        "Hello,\n\nDo you struggle to get reviews for your hotel? Our platform sends guests a friendly reminder at the right moment. Hotels like yours see twice as many reviews within a month. Shall I send you a short demo?",
        "Hi Marco,\n\nA mutual friend, Julia, suggested I get in touch. We're a small team building scheduling software for clinics. Could I have fifteen minutes of your time to show you what we do?",
    ],
    "fr": [
        "Bonjour Madame Leroy,\n\nJe me permets de vous contacter car j'ai vu que vous ouvriez une seconde boutique à Rennes. Nous équipons les commerces en enseignes lumineuses. Seriez-vous disponible pour un bref échange cette semaine ?\n\nCordialement",
        "Bonjour,\n\nJe m'appelle Hugo et je suis graphiste indépendant à Lille. J'ai parcouru votre site et j'ai quelques idées pour le rendre plus clair. Puis-je vous les envoyer ? C'est sans engagement.",
        "Bonjour,\n\nSuite à mon précédent message resté sans réponse, je reviens vers vous. Avez-vous eu le temps d'y jeter un œil ? Quinze minutes au téléphone suffisent.\n\nBien à vous",
        "Madame, Monsieur,\n\nNotre société, spécialisée dans l'entretien des espaces verts, accompagne de nombreuses copropriétés de la région. Nous serions ravis de vous établir un devis gratuit.",
        "Bonjour Paul,\n\nSans retour de votre part, je ferme le sujet. Si votre besoin évolue, un simple mail suffit.\n\nBonne continuation",
        "Bonjour,\n\nJe dirige une petite brasserie artisanale près de Nantes et nous cherchons des bars où faire découvrir nos bières. Accepteriez-vous d'en goûter quelques-unes ?",
        "Bonjour Monsieur Petit,\n\nVous perdez du temps à relancer vos factures impayées ? Notre logiciel le fait pour vous. Des entreprises comme la vôtre récupèrent en moyenne deux semaines de trésorerie. Une démonstration vous intéresserait-elle ?",
        "Bonjour,\n\nÊtes-vous la bonne personne pour parler de la formation des équipes ? Sinon, pourriez-vous m'indiquer vers qui me tourner ? Nous formons les commerciaux à la négociation.",
        "Bonjour Claire,\n\nFélicitations pour votre levée de fonds ! Nous aidons les jeunes entreprises à recruter leurs premiers développeurs. Auriez-vous un créneau jeudi ou vendredi ?",
        "Bonjour,\n\nUn ami commun, Luc Marchal, m'a conseillé de vous écrire. Je suis traiteur et je souhaiterais vous présenter mes formules pour vos séminaires.",
    ],
    "de": [
        "Guten Tag Frau Weber,\n\nmein Name ist Jonas Hartl, ich bin Gründer einer kleinen Agentur für Barrierefreiheit. Beim Besuch Ihrer Website ist mir aufgefallen, dass sich die Bestellung nicht per Tastatur abschließen lässt. Hätten Sie nächste Woche 15 Minuten Zeit?",
        "Sehr geehrte Damen und Herren,\n\nwir sind ein Familienbetrieb aus dem Allgäu und suchen Läden, die unseren Käse führen möchten. Gerne senden wir Ihnen eine kostenlose Probe.",
        "Hallo Herr Lang,\n\nleider habe ich auf meine letzte Nachricht noch keine Antwort erhalten. Konnten Sie sich unser Angebot schon ansehen? Ein kurzes Telefonat genügt.",
    ],
    "es": [
        "Buenos días, señora Vega:\n\nMe llamo Iván y soy fundador de una pequeña empresa de reparto en bicicleta. He visto que su tienda ofrece envíos a domicilio. ¿Tendría diez minutos esta semana para una llamada?",
        "Hola, Marta:\n\nTe escribo porque ayudamos a restaurantes como el tuyo a llenar las mesas entre semana. ¿Te interesaría una demostración gratuita? Sin compromiso.",
        "Buenas tardes:\n\nRetomo mi correo anterior, al que no he recibido respuesta. ¿Ha podido ver nuestra propuesta?",
    ],
    "it": [
        "Buongiorno dottoressa Ferri,\n\nmi chiamo Luca e sono titolare di uno studio grafico a Bologna. Ho visto il vostro sito e avrei qualche idea per migliorarlo. Sarebbe disponibile per una breve telefonata?",
        "Gentile signor Bassi,\n\nla nostra azienda produce imballaggi in cartone e aiuta le piccole imprese a ridurre i costi. Posso inviarle un campione gratuito?",
        "Buongiorno,\n\ntorno sulla mia precedente mail, alla quale non ho ricevuto risposta. Ha avuto modo di leggerla? Mi bastano dieci minuti.",
    ],
    "pt": [
        "Bom dia, Dra. Matos,\n\nChamo-me Rui e sou responsável comercial de uma empresa de limpezas de Aveiro. Vi que a sua clínica abriu um novo espaço. Teria disponibilidade para uma breve conversa?",
        "Exmos. Senhores,\n\nA nossa empresa produz azeite biológico e procuramos lojas que queiram vendê-lo. Podemos enviar uma amostra gratuita, sem compromisso.",
        "Olá Pedro,\n\nNão recebi resposta ao meu último email, por isso volto ao contacto. Teve oportunidade de ver a nossa proposta?",
    ],
    "nl": [
        "Beste mevrouw Smit,\n\nMijn naam is Bram en ik ben eigenaar van een klein vertaalbureau. Ik zag dat uw website alleen in het Nederlands is. Heeft u volgende week tien minuten voor een kort gesprek?",
        "Geachte heer,\n\nOnze brouwerij maakt alcoholvrij bier en wij zoeken restaurants die het willen schenken. Graag sturen wij u een gratis proefpakket, geheel vrijblijvend.",
        "Hallo Eva,\n\nIk kom even terug op mijn vorige mail, want ik heb nog geen reactie gehad. Had je al tijd om ernaar te kijken?",
    ],
}

ORDINARY = {
    "en": [
        "Mark,\n\nPlease see the attached draft of the transportation agreement. I have made the changes that we discussed on Friday. Let me know if you have any questions or if you would like to discuss before the call with the customer tomorrow.\n\nThanks,\nSusan",
        "Team,\n\nThe weekly staff meeting has been moved to Tuesday at 2 pm in room 3270. Please bring your forecast for the third quarter. If you can't attend, call in at the usual number.",
        "I spoke with Jeff this morning and he would like us to follow up with the plant on the outage. Can you call Bill and find out when they expect to be back up? I need an answer by noon.",
        "Kay,\n\nCould you please review the confirmation for the deal we did with Aquila last week? They are disputing the delivery point. I think that our copy is right, but I want to be sure before I call them back.",
        "Attached is the spreadsheet with the positions as of last night. The numbers for March don't look right to me. Does anyone know who is responsible for the curve? Let's get together this afternoon and go over it.",
        "John,\n\nI am available to meet on Thursday after 3. We should discuss the new pricing and how we can reduce the credit exposure. I will ask Debra to set up a conference room.\n\nRegards,\nPhillip",
        "All,\n\nAs you know, the company has announced a reorganization. My group will report to Louise from the first of the month. I am looking forward to working with all of you and will be meeting with each team next week.",
        "Hi Tana,\n\nDid you get a chance to look at the ISDA comments from the bank? Their lawyer called me again and I would like to get back to her today.",
        "Stacy, I'm out of the office until Monday. If you need something urgent, please contact Mary at extension 5512. I'll look at the invoices when I get back.",
        "Dear Mr. Perkins,\n\nThank you for coming to Houston to interview with us. We enjoyed meeting you and were impressed by your background. We would like to invite you for a second round and will contact you in the next few days to schedule it.",
        "Vince,\n\nI would like to introduce you to Alex, who has just joined our research group from Rice. He will be working with us on the volatility model and may have some questions about the data.",
        "Please plan to attend a training session on the new trading system. We will offer two sessions, Wednesday and Thursday, and lunch will be provided. Reply to this message with your preference.",
        "Gerald,\n\nFollowing up on our conversation this morning, here is the language that I would propose for section 4. If this works for you, I will send it to the other side today.",
        "We are in the process of moving your data to the new server. You may notice that some folders are not available over the weekend. If you have problems on Monday, call the help desk.",
        "Sara,\n\nHow was your trip? The kids had a great time at the lake. Can you call me when you get a minute? I need to ask you about the Cargill contract.",
        "I just wanted to let you know that I've accepted an offer from another company and my last day will be the 15th. It has been a pleasure working with all of you and I hope that we will stay in touch.",
        "Rick,\n\nPer our discussion, I have asked the consultants to prepare a proposal for the west desk. They specialize in market design and have worked with several of our counterparties. Let me know whether you want to meet them.",
        "Do you have the number of the guy at the pipeline who handles nominations? I lost it. Also, are we still on for lunch on Friday?",
    ],
    "fr": [
        "Bonjour à tous,\n\nVous trouverez ci-joint le compte rendu de la réunion de lundi. Merci de me faire part de vos remarques avant jeudi.\n\nSophie",
        "Bonjour Karim,\n\nSuite à notre échange de ce matin, je t'envoie la version corrigée du devis. Peux-tu la relire avant que je l'envoie au client ?",
        "Madame,\n\nNous avons bien reçu votre dossier et nous vous en remercions. Il manque une pièce : une copie de votre carte d'identité. Merci de nous l'adresser par retour de courriel.",
        "Bonjour,\n\nLe parking sera fermé mercredi pour travaux. Nous vous invitons à vous garer rue Pasteur. Le service technique reste à votre disposition.",
    ],
    "de": [
        "Hallo zusammen,\n\ndie Besprechung am Donnerstag beginnt erst um zehn. Bitte bringt die Zahlen für das dritte Quartal mit.\n\nViele Grüße",
        "Sehr geehrter Herr Maier,\n\nanbei erhalten Sie das Protokoll unserer Sitzung vom Montag. Bitte teilen Sie mir Änderungen bis Freitag mit.",
    ],
    "es": [
        "Hola a todos:\n\nOs recuerdo que mañana no hay reunión. Si alguien necesita el informe, está en la carpeta de siempre.",
        "Estimada Laura:\n\nTe envío el acta de la reunión del lunes. Si ves algún error, dímelo antes del jueves.",
    ],
    "it": [
        "Ciao a tutti,\n\ndomani l'ufficio resta chiuso per la manutenzione dell'impianto. Chi ha bisogno di entrare chiami Franco."
    ],
    "pt": [
        "Bom dia a todos,\n\nA reunião de amanhã passa para as onze. Tragam, por favor, os números do trimestre."
    ],
    "nl": [
        "Beste allemaal,\n\nDe vergadering van morgen begint een half uur later. Neem de cijfers van het derde kwartaal mee."
    ],
}
